internal import Flow
internal import Publishing
internal import Video

/// Metrics in the text format of Prometheus.
struct MetricsText {
    /// Upper bounds of the latency buckets, in seconds.
    private static let buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

    let statuses: [CameraStatus]
    var lines: [String] = []

    private init(_ statuses: [CameraStatus]) { self.statuses = statuses }

    /// Metrics of all cameras.
    static func text(
        _ statuses: [CameraStatus], _ latencies: [[(stage: String, LatencyRecorder)]],
        events: EventQueue.Counts, publishing: [EventPublisher.Counts] = []
    ) -> String {
        var metrics = MetricsText(statuses)
        metrics.addFrames()
        metrics.addConnections()
        metrics.addRecording()
        metrics.addCounting()
        metrics.addEvents(events)
        metrics.addPublishing(publishing)
        metrics.addStages(latencies)
        return metrics.lines.joined(separator: "\n") + "\n"
    }

    mutating func head(_ name: String, _ type: String, _ help: String) {
        lines += ["# HELP thunderline_\(name) \(help)", "# TYPE thunderline_\(name) \(type)"]
    }

    /// Adds one metric with the samples of each camera.
    mutating func add(
        _ name: String, _ type: String, _ help: String,
        _ value: (CameraStatus) -> [(labels: String, Double)]
    ) {
        head(name, type, help)
        for status in statuses {
            for (labels, number) in value(status) {
                let all = "camera=\"\(status.name)\"" + (labels.isEmpty ? "" : "," + labels)
                lines.append("thunderline_\(name){\(all)} \(number)")
            }
        }
    }

    private mutating func addFrames() {
        add("frames_total", "counter", "Decoded frames by outcome.", Self.fates)
        for (name, help) in [
            ("superseded_total", "Tracked frames that a newer one replaced before detection."),
            ("passed_over_total", "Deprecated, use superseded_total."),
        ] {
            add(name, "counter", help) {
                [("reason=\"replaced-by-newer\"", Double($0.superseded))]
            }
        }
        add("not_decoded_total", "counter", "Frames skipped by the decoder under load.") {
            [("", Double($0.report.skippedFrames))]
        }
        add("damaged_frames_total", "counter", "Decoded frames with damage.") {
            [("", Double($0.report.damagedFrames))]
        }
    }

    private mutating func addConnections() {
        add(
            "lost_packets_total", "counter",
            "Network packets that never arrived, or arrived too late."
        ) {
            [
                ("reason=\"late\"", Double($0.report.latePackets)),
                ("reason=\"missed\"", Double($0.report.missedPackets)),
            ]
        }
        add("age_seconds", "gauge", "Seconds since the packet of the newest tracked frame arrived.")
        {
            status in status.age.map { [("", $0)] } ?? []
        }
        add("camera_up", "gauge", "1 while frames arrive.") {
            [("", $0.state == .watching ? 1 : 0)]
        }
        add("reconnects_total", "counter", "Connections made after the first.") {
            [("", Double(max($0.connections - 1, 0)))]
        }
    }

    private mutating func addRecording() {
        add("recording", "gauge", "1 while a file is being written.") {
            [("", $0.recording.state == .recording ? 1 : 0)]
        }
        add("recording_stopped", "gauge", "1 while files cannot be written.") {
            [("", $0.recording.state == .stopped ? 1 : 0)]
        }
        add("recorded_bytes_total", "counter", "Bytes of recordings written.") {
            [("", Double($0.recording.bytes))]
        }
        add("recorded_files_total", "counter", "Recordings finished.") { status in
            let (files, clips) = (status.recording.files, status.recording.clips)
            return [("kind=\"clip\"", Double(clips)), ("kind=\"segment\"", Double(files - clips))]
        }
        add("recording_delay_seconds", "gauge", "Seconds that writing lags behind the camera.") {
            [("", $0.recording.delay)]
        }
        add(
            "recording_lost_total", "counter",
            "Packets and frames lost from recordings, since writing could not keep up."
        ) { [("", Double($0.recording.lost))] }
    }

    private mutating func addEvents(_ counts: EventQueue.Counts) {
        head("events_total", "counter", "Events by outcome.")
        for (fate, count) in [
            ("lost", counts.lost), ("refused", counts.refused), ("written", counts.written),
        ] { lines.append("thunderline_events_total{fate=\"\(fate)\"} \(count)") }
    }

    private mutating func addStages(_ latencies: [[(stage: String, LatencyRecorder)]]) {
        head(
            "stage_seconds", "histogram",
            "Seconds of each step for one frame; arrival_to_detections from its packet's arrival.")
        for (status, stages) in zip(statuses, latencies) {
            for (stage, recorder) in stages {
                lines += Self.histogram("camera=\"\(status.name)\",stage=\"\(stage)\"", recorder)
            }
        }
    }

    private static func fates(_ status: CameraStatus) -> [(labels: String, Double)] {
        let counts = status.counts
        let dropped = counts.dropped.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            ("fate=\"dropped-\($0.key.rawValue)\"", Double($0.value))
        }
        return [
            ("fate=\"detected\"", Double(counts.detected)),
            ("fate=\"tracked\"", Double(counts.tracked)),
        ] + dropped
    }

    private static func histogram(_ labels: String, _ recorder: LatencyRecorder) -> [String] {
        let name = "thunderline_stage_seconds"
        let filled = buckets.map { end in
            "\(name)_bucket{\(labels),le=\"\(end)\"} \(recorder.count(upTo: UInt64(end * 1e9)))"
        }
        let sum = (recorder.mean ?? 0) * Double(recorder.count) / 1e9
        return filled + [
            "\(name)_bucket{\(labels),le=\"+Inf\"} \(recorder.count)",
            "\(name)_sum{\(labels)} \(sum)", "\(name)_count{\(labels)} \(recorder.count)",
        ]
    }
}

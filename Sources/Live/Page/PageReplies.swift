internal import Flow
internal import Foundation
internal import Scene
internal import Video

/// One camera as the page's interface tells it.
struct CameraReply: Encodable {
    let name: String
    let source: String
    let state: String
    let reason: String?
    let retrySeconds: Double?
    let transport: String
    let codec: String
    let width: Int
    let height: Int
    let connections: Int
    let losses: Int
    let framesPerSecond: Double
    let looksPerSecond: Double
    let ageSeconds: Double?
    let objects: Int
    let decoded: Int
    let detected: Int
    let tracked: Int
    let dropped: [String: Int]
    let passedOver: Int
    let damaged: Int
    let lostPackets: Int
    let notDecoded: Int
    let leavesOut: String
    let repairedStamps: Int
    let clockJumps: Int
    let recording: RecordingReply

    init(_ status: CameraStatus) {
        name = status.name
        source = status.source
        state = status.state.rawValue
        reason = status.reason
        retrySeconds = status.retry.map { ($0 * 10).rounded() / 10 }
        transport = status.transport.rawValue
        codec = status.codec
        width = status.width
        height = status.height
        connections = status.connections
        losses = status.losses
        framesPerSecond = (status.frameRate * 10).rounded() / 10
        looksPerSecond = (status.detectRate * 10).rounded() / 10
        ageSeconds = status.age.map { ($0 * 1000).rounded() / 1000 }
        objects = status.objectCount
        decoded = status.counts.decoded
        detected = status.counts.detected
        tracked = status.counts.tracked
        dropped = Dictionary(
            uniqueKeysWithValues: status.counts.dropped.map { ($0.key.rawValue, $0.value) })
        passedOver = status.passedOver
        damaged = status.report.damagedFrames
        lostPackets = status.report.missedPackets + status.report.latePackets
        notDecoded = status.report.skippedFrames
        leavesOut = status.leniency.rawValue
        repairedStamps = status.report.repairedStamps
        clockJumps = status.report.clockJumps
        recording = RecordingReply(status.recording)
    }
}

/// A camera's recording as the page's interface tells it.
struct RecordingReply: Encodable {
    let state: String
    let reason: String?
    let isFull: Bool
    let bytes: Int64
    let files: Int
    let clips: Int
    let lost: Int
    let delaySeconds: Double
    let isBehind: Bool
    let clip: String?

    init(_ status: RecordingStatus) {
        state = status.state.rawValue
        reason = status.reason
        isFull = status.isFull
        bytes = status.bytes
        files = status.files
        clips = status.clips
        lost = status.lost
        delaySeconds = (status.delay * 10).rounded() / 10
        isBehind = status.isBehind
        clip = status.clip
    }
}

/// One event as the page's interface tells it.
struct EventReply: Encodable {
    let time: String
    let camera: String
    let event: String
    let id: Int
    let className: String
    let score: Double
    let seconds: Double
    let snapshot: String?
    let clip: String?

    init(_ record: EventRecord) {
        time = EventRecord.text(record.time)
        camera = record.camera
        event = record.event.kind.rawValue
        id = record.event.object.id
        className = record.className
        score = Double(record.event.object.score)
        seconds = record.event.seconds
        snapshot = record.snapshot
        clip = record.clip
    }
}

/// Numbers in the text form that Prometheus reads.
enum MetricsText {
    /// Upper ends of the buckets of latencies, in seconds.
    private static let buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

    /// All metrics of all cameras.
    static func text(_ statuses: [CameraStatus], _ latencies: [[(stage: String, LatencyRecorder)]])
        -> String
    {
        var lines: [String] = []
        func add(_ name: String, _ type: String, _ help: String) {
            lines += ["# HELP thunderline_\(name) \(help)", "# TYPE thunderline_\(name) \(type)"]
        }
        func each(_ name: String, _ value: (CameraStatus) -> [(labels: String, Double)]) {
            for status in statuses {
                for (labels, number) in value(status) {
                    let all = "camera=\"\(status.name)\"" + (labels.isEmpty ? "" : "," + labels)
                    lines.append("thunderline_\(name){\(all)} \(number)")
                }
            }
        }
        add("frames_total", "counter", "Decoded frames by what became of them.")
        each("frames_total", fates)
        add(
            "passed_over_total", "counter",
            "Tracked frames that a newer one replaced before a look.")
        each("passed_over_total") { [("reason=\"replaced-by-newer\"", Double($0.passedOver))] }
        add("not_decoded_total", "counter", "Frames that were not decoded, to keep up.")
        each("not_decoded_total") { [("", Double($0.report.skippedFrames))] }
        add("damaged_frames_total", "counter", "Decoded frames with damage.")
        each("damaged_frames_total") { [("", Double($0.report.damagedFrames))] }
        add(
            "lost_packets_total", "counter",
            "Packets of the network that never came, or came too late to be used.")
        each("lost_packets_total") {
            [
                ("reason=\"late\"", Double($0.report.latePackets)),
                ("reason=\"missed\"", Double($0.report.missedPackets)),
            ]
        }
        add("age_seconds", "gauge", "Seconds since the packet of the newest tracked frame came.")
        each("age_seconds") { status in status.age.map { [("", $0)] } ?? [] }
        add("camera_up", "gauge", "1 while pictures come.")
        each("camera_up") { [("", $0.state == .watching ? 1 : 0)] }
        add("reconnects_total", "counter", "Connections that were made after the first.")
        each("reconnects_total") { [("", Double(max($0.connections - 1, 0)))] }
        add("recording", "gauge", "1 while a file grows.")
        each("recording") { [("", $0.recording.state == .recording ? 1 : 0)] }
        add("recording_stopped", "gauge", "1 while files cannot be written.")
        each("recording_stopped") { [("", $0.recording.state == .stopped ? 1 : 0)] }
        add("recorded_bytes_total", "counter", "Bytes of recordings that were written.")
        each("recorded_bytes_total") { [("", Double($0.recording.bytes))] }
        add("recorded_files_total", "counter", "Recordings that were finished.")
        each("recorded_files_total") { status in
            let (files, clips) = (status.recording.files, status.recording.clips)
            return [("kind=\"clip\"", Double(clips)), ("kind=\"segment\"", Double(files - clips))]
        }
        add("recording_delay_seconds", "gauge", "Seconds that writing is behind what comes.")
        each("recording_delay_seconds") { [("", $0.recording.delay)] }
        add(
            "recording_lost_total", "counter",
            "Packets and pictures that were left out of recordings, since writing could not keep up."
        )
        each("recording_lost_total") { [("", Double($0.recording.lost))] }
        add("stage_seconds", "histogram", "How long each stage took for one frame.")
        for (status, stages) in zip(statuses, latencies) {
            for (stage, recorder) in stages {
                lines += histogram("camera=\"\(status.name)\",stage=\"\(stage)\"", recorder)
            }
        }
        return lines.joined(separator: "\n") + "\n"
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

public import Flow
public import Pipeline
internal import Video

/// Report of the passes of a benchmark; every rate says what it counts.
public struct StagesReport: Sendable {
    /// One pass over the recording.
    public struct Pass: Sendable {
        /// Name of the work on each frame.
        public let name: String
        /// Number of processed frames.
        public let frames: Int
        /// Seconds of wall time.
        public let wallSeconds: Double
        /// Seconds of processor time, all cores together.
        public let processorSeconds: Double

        /// Frames per second of wall time.
        public var framesPerSecond: Double { wallSeconds > 0 ? Double(frames) / wallSeconds : 0 }
        /// Milliseconds of processor time per frame.
        public var processorMilliseconds: Double {
            frames > 0 ? processorSeconds * 1000 / Double(frames) : 0
        }

        /// Name in keys of JSON.
        var key: String { name.replacing(" ", with: "_") }
        /// Former name in keys of JSON, written for one release beside the current one.
        var formerKey: String? { name == Self.whole ? "whole_line" : nil }

        /// Name of the pass over the whole pipeline.
        static let whole = "whole pipeline"

        /// The rate as a metric for comparisons.
        var metric: BenchMetric {
            BenchMetric(
                key + "_frames_per_wall_s", [framesPerSecond], isLowerBetter: false,
                formerName: formerKey.map { $0 + "_frames_per_wall_s" })
        }
    }

    /// The recording.
    public let source: String
    /// The detector.
    public let model: String
    /// Number of cores that this process may use.
    public let cores: Int
    /// Decoding alone; with detection; the whole pipeline.
    public let passes: [Pass]
    /// Latencies of each stage in the whole pipeline.
    public let stages: [(stage: PipelineStep, latency: LatencyRecorder)]
    /// Number of detectors that work in parallel.
    var detectors = 1
    /// Machine, model, input and command.
    var conditions: BenchConditions?
    /// Division of the detector's threads, by the name of the pass.
    var threads: [(pass: Pass, choice: ThreadChoice)] = []
    /// Accuracy of the benchmarked model.
    var accuracy: BenchAccuracy?
    /// Change of the processor's speed during the benchmark.
    var drift: Drift?
    /// Comparison with an earlier report; nil where none is given.
    var comparison: BenchComparison?

    /// Number of cameras of 15 frames per second whose every frame this machine can decode, detect and track.
    public var cameras: Int {
        guard passes.count > 1, passes[1].processorMilliseconds > 0 else { return 0 }
        return Int(Double(cores) * 1000 / (passes[1].processorMilliseconds * 15))
    }

    /// The thread with the most work per frame, which limits the pipeline.
    public var bottleneck: String {
        let threads: [(name: String, stages: [PipelineStep], count: Int)] =
            [("decoding", [.decode], 1), ("encoding", [.encode], 1)]
            + (detectors == 1
                ? [("analysing", [.scale, .detect, .track, .draw], 1)]
                : [
                    ("detecting", [.scale, .detect], detectors),
                    ("tracking and drawing", [.track, .draw], 1),
                ])
        let busy = threads.map { thread in
            let means = stages.filter { thread.stages.contains($0.stage) }.compactMap(
                \.latency.mean)
            return (thread.name, means.reduce(0, +) / Double(thread.count))
        }
        guard let longest = busy.max(by: { $0.1 < $1.1 }), longest.1 > 0 else { return "nothing" }
        return
            "\(longest.0), \(DecimalText.text(longest.1 / 1e6, decimals: 2)) ms per frame"
    }

    /// The report for people.
    public var text: String {
        var lines = ["\(source), model \(model), \(pluralized(cores, "core", "cores"))", ""]
        for pass in passes {
            lines.append(
                "\(pass.name.padded(16))\(right(pass.framesPerSecond, 1)) frames/s of wall time, "
                    + "\(right(pass.processorMilliseconds, 2)) ms of processor time per frame"
                    + " (\(pluralized(pass.frames, "frame", "frames")))")
        }
        let table = LatencyTable(
            title: "ms per frame", rows: stages.map { ($0.stage.rawValue, $0.latency) }, width: 16)
        lines += ["", "stages of the whole pipeline:"] + table.lines
        lines += [
            "", "bottleneck of the whole pipeline: \(bottleneck)",
            "cameras of 15 frames/s, every frame decoded, detected and tracked: \(cameras)",
        ]
        for (pass, choice) in threads { lines += choice.text.map { "\(pass.name): \($0)" } }
        if let accuracy, let conditions { lines.append(accuracy.text(conditions)) }
        if let warning = drift?.warning { lines.append(warning) }
        if let comparison { lines += ["", comparison.text] }
        return lines.joined(separator: "\n")
    }

    /// The report as one JSON object.
    public var json: String {
        var object = JSONObject()
        addMeasurements(to: &object)
        conditions?.add(to: &object)
        object.add("metrics", JSONObject { for pass in passes { pass.metric.add(to: &$0) } })
        object.add("detector_threads", threadsJSON)
        if let accuracy { object.add("accuracy", accuracy.json) }
        drift?.add(to: &object)
        if let comparison { object.addRaw("comparison", comparison.json) }
        return object.text
    }

    /// Adds passes and stages, below source, model and cores where no conditions contain them.
    private func addMeasurements(to object: inout JSONObject) {
        if conditions == nil {
            object.add("source", source)
            object.add("model", model)
            object.add("cores", cores)
        }
        object.add("passes", array: passes.map { json(of: $0).text })
        let measured = stages.filter { $0.latency.count > 0 }
        object.add("stages", array: measured.map { json(of: $0.stage, $0.latency).text })
        object.add("bottleneck", bottleneck)
        object.add("cameras_15fps", cameras)
    }

    private func json(of pass: Pass) -> JSONObject {
        JSONObject {
            $0.add("name", pass.name)
            $0.add("frames", pass.frames)
            $0.addRaw("wall_s", number(pass.wallSeconds))
            $0.addRaw("processor_s", number(pass.processorSeconds))
            $0.addRaw("frames_per_wall_s", number(pass.framesPerSecond))
        }
    }

    private func json(of stage: PipelineStep, _ latency: LatencyRecorder) -> JSONObject {
        JSONObject {
            $0.add("stage", stage.rawValue)
            $0.add("n", latency.count)
            $0.addRaw("mean_ms", number((latency.mean ?? 0) / 1e6))
            for percentile in [Percentile.p50, .p90, .p99] {
                let value = latency.value(at: percentile).map { number(Double($0) / 1e6) }
                $0.addRaw("\(percentile)_ms", value ?? "null")
            }
        }
    }

    private var threadsJSON: JSONObject {
        JSONObject {
            for (pass, choice) in threads {
                $0.add(pass.key, choice.json)
                if let former = pass.formerKey { $0.add(former, choice.json) }
            }
        }
    }

    private func number(_ value: Double) -> String { DecimalText.text(value, decimals: 3) }

    private func right(_ value: Double, _ decimals: Int) -> String {
        let text = DecimalText.text(value, decimals: decimals)
        return String(repeating: " ", count: max(0, 8 - text.count)) + text
    }
}

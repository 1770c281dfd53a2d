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
    /// Number of detectors that work side by side.
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

    /// The conditions, and the rates as metrics for comparisons.
    private var closingJSON: String {
        var object = JSONObject()
        conditions?.add(to: &object)
        let passes = passes
        object.add(
            "metrics",
            JSONObject { for pass in passes { pass.metric.add(to: &$0) } })
        let threads = threads
        object.add(
            "detector_threads",
            JSONObject {
                for (pass, choice) in threads {
                    $0.add(pass.key, choice.json)
                    if let former = pass.formerKey { $0.add(former, choice.json) }
                }
            })
        if let accuracy { object.add("accuracy", accuracy.json) }
        drift?.add(to: &object)
        if let comparison { object.addRaw("comparison", comparison.json) }
        return String(object.text.dropFirst())
    }

    /// The report as one JSON object.
    public var json: String {
        let passes = passes.map { pass in
            "{\"name\":\(JSONText.quoted(pass.name)),\"frames\":\(pass.frames),\"wall_s\":\(number(pass.wallSeconds)),\"processor_s\":\(number(pass.processorSeconds)),\"frames_per_wall_s\":\(number(pass.framesPerSecond))}"
        }
        let stages = stages.filter { $0.latency.count > 0 }.map { stage, latency in
            let percentiles = [Percentile.p50, .p90, .p99].map { percentile in
                "\"\(percentile)_ms\":\(latency.value(at: percentile).map { number(Double($0) / 1e6) } ?? "null")"
            }
            return
                "{\"stage\":\"\(stage.rawValue)\",\"n\":\(latency.count),\"mean_ms\":\(number((latency.mean ?? 0) / 1e6)),\(percentiles.joined(separator: ","))}"
        }
        return
            "{\(head)\"passes\":[\(passes.joined(separator: ","))],\"stages\":[\(stages.joined(separator: ","))],\"bottleneck\":\(JSONText.quoted(bottleneck)),\"cameras_15fps\":\(cameras),\(closingJSON)"
    }

    /// Source, model and cores; empty where the conditions contain them.
    private var head: String {
        guard conditions == nil else { return "" }
        return
            "\"source\":\(JSONText.quoted(source)),\"model\":\(JSONText.quoted(model)),\"cores\":\(cores),"
    }

    private func number(_ value: Double) -> String { DecimalText.text(value, decimals: 3) }

    private func right(_ value: Double, _ decimals: Int) -> String {
        let text = DecimalText.text(value, decimals: decimals)
        return String(repeating: " ", count: max(0, 8 - text.count)) + text
    }
}

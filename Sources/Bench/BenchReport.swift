public import Flow
public import Pipeline
internal import Video

/// What the passes of a bench measured; every rate says what it counts.
public struct BenchReport: Sendable {
    /// One run over the recording.
    public struct Pass: Sendable {
        /// What was done with each frame.
        public let name: String
        /// Frames that went through.
        public let frames: Int
        /// Seconds on the clock.
        public let wallSeconds: Double
        /// Seconds of all cores together.
        public let processorSeconds: Double

        /// Frames a second of wall time.
        public var framesPerSecond: Double { wallSeconds > 0 ? Double(frames) / wallSeconds : 0 }
        /// Milliseconds of processor time a frame.
        public var processorMilliseconds: Double {
            frames > 0 ? processorSeconds * 1000 / Double(frames) : 0
        }

        /// The rate as a figure that another report can be compared with.
        var metric: BenchMetric {
            BenchMetric(
                name.replacing(" ", with: "_") + "_frames_per_wall_s", [framesPerSecond],
                isLowerBetter: false)
        }
    }

    /// The recording.
    public let source: String
    /// The detector.
    public let model: String
    /// Cores that this process may use.
    public let cores: Int
    /// Decoding alone; with detecting; the whole line.
    public let passes: [Pass]
    /// Latencies of each stage in the whole line.
    public let stages: [(stage: Stage, latency: LatencyRecorder)]
    /// Detectors that look at pictures side by side.
    var detectors = 1
    /// Machine, model, input and command.
    var facts: BenchFacts?
    /// How the detector's threads were spent in the passes that have one, by the pass's name.
    var threads: [(pass: String, choice: ThreadChoice)] = []
    /// How well what was timed sees.
    var accuracy: BenchAccuracy?
    /// Whether the processor changed its speed meanwhile.
    var drift: Drift?
    /// Beside an earlier report, where one was named.
    var comparison: BenchComparison?

    /// Cameras of 15 frames a second whose every frame this machine can decode, detect and track.
    public var cameras: Int {
        guard passes.count > 1, passes[1].processorMilliseconds > 0 else { return 0 }
        return Int(Double(cores) * 1000 / (passes[1].processorMilliseconds * 15))
    }

    /// The thread that is busy longest per frame, since the line is as fast as its slowest thread.
    public var bottleneck: String {
        let threads: [(name: String, stages: [Stage], count: Int)] =
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
            "\(longest.0), \(DecimalText.text(longest.1 / 1e6, decimals: 2)) ms a frame"
    }

    /// The report for people.
    public var text: String {
        var lines = ["\(source), model \(model), \(pluralized(cores, "core", "cores"))", ""]
        for pass in passes {
            lines.append(
                "\(pass.name.padded(14))\(right(pass.framesPerSecond, 1)) frames/s of wall time, "
                    + "\(right(pass.processorMilliseconds, 2)) ms of processor time a frame"
                    + " (\(pluralized(pass.frames, "frame", "frames")))")
        }
        lines += ["", "latency a frame in the whole line:"]
        for (stage, latency) in stages where latency.count > 0 {
            lines.append("\(stage.rawValue.padded(14))\(latency)")
        }
        lines += [
            "", "bottleneck of the whole line: \(bottleneck)",
            "cameras of 15 frames/s, every frame decoded, detected and tracked: \(cameras)",
        ]
        for (pass, choice) in threads { lines += choice.text.map { "\(pass): \($0)" } }
        if let accuracy, let facts { lines.append(accuracy.text(facts)) }
        if let warning = drift?.warning { lines.append(warning) }
        if let comparison { lines += ["", comparison.text] }
        return lines.joined(separator: "\n")
    }

    /// What names the machine, and the passes' rates as figures to compare.
    private var closingJSON: String {
        var object = JSONObject()
        facts?.add(to: &object)
        let passes = passes
        object.add(
            "metrics",
            JSONObject { for pass in passes { $0.addRaw(pass.metric.name, pass.metric.json) } })
        let threads = threads
        object.add(
            "detector_threads",
            JSONObject {
                for (pass, choice) in threads {
                    $0.add(pass.replacing(" ", with: "_"), choice.json)
                }
            })
        if let accuracy { object.add("accuracy", accuracy.json) }
        drift?.add(to: &object)
        if let comparison { object.addRaw("comparison", comparison.json) }
        return String(object.text.dropFirst())
    }

    /// The report for programs: one JSON object.
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

    /// Source, model and cores, where no facts say them already.
    private var head: String {
        guard facts == nil else { return "" }
        return
            "\"source\":\(JSONText.quoted(source)),\"model\":\(JSONText.quoted(model)),\"cores\":\(cores),"
    }

    private func number(_ value: Double) -> String { DecimalText.text(value, decimals: 3) }

    private func right(_ value: Double, _ decimals: Int) -> String {
        let text = DecimalText.text(value, decimals: decimals)
        return String(repeating: " ", count: max(0, 8 - text.count)) + text
    }
}

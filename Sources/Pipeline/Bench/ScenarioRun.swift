public import Flow
internal import Foundation
internal import Glibc
internal import ThunderNet

/// Measures a model under one scenario: network, detector and pipeline apart.
public struct ScenarioRun: Sendable {
    private let description: DetectDescription
    private let command: [String]
    private let console: Console
    private let stop: StopSignal
    private var bench: BenchDescription { description.bench }

    /// Prepares a scenario over the description's one source; the network alone needs none.
    ///
    /// `command` is the command line, for the report.
    public init(
        _ description: DetectDescription, command: [String], console: Console, stop: StopSignal
    ) {
        self.description = description
        self.command = command
        self.console = console
        self.stop = stop
    }

    /// Runs the scenario and compares it where an earlier report was named.
    ///
    /// - Throws: A ``RunError`` when model or source cannot be read, or when it was stopped.
    public func run() throws(RunError) -> BenchOutcome {
        let facts = BenchFacts(description, command: command)
        var outcome = BenchOutcome(scenario: bench.scenario, facts: facts)
        console.say("the network alone …")
        try measureNetwork(into: &outcome)
        if bench.scenario != .network {
            do {
                try measureDetector(into: &outcome)
                try measurePipeline(into: &outcome)
            } catch let error as RunError {
                throw error
            } catch {
                throw RunError(.failed, "Measuring the detector: \(error)")
            }
            outcome.remarks.append(
                "Follows the scenario definitions of MLPerf Inference; this is no MLPerf score.")
        }
        if stop.isRequested { throw RunError(.interrupted, "Stopped.") }
        if let path = bench.compare {
            outcome.comparison = try BenchComparison(
                outcome.metrics, facts, with: try TextInput.read(path), named: path)
        }
        return outcome
    }

    private var generator: LoadGenerator {
        let stop = stop
        return LoadGenerator(
            clock: .system,
            wait: { deadline in
                let now = MonotonicClock.system.now
                if deadline > now { usleep(UInt32(clamping: (deadline - now) / 1000)) }
                while MonotonicClock.system.now < deadline {}
            },
            isStopped: { stop.isRequested })
    }

    /// The bare network: its time, its size, and how far it is from the limit.
    private func measureNetwork(into outcome: inout BenchOutcome) throws(RunError) {
        var network = try BareNetwork(description.model)
        let (medians, latency) = time(&network)
        let metric = BenchMetric(
            "network_ms", medians.isEmpty ? [0] : medians, isLowerBetter: true)
        let reached = network.gigaflops(milliseconds: metric.median)
        outcome.metrics.append(metric)
        outcome.latencies.append(("network", latency))
        outcome.limitGigaflops = network.limitGigaflops
        outcome.numbers += [
            ("median_ms", metric.median), ("gflops", reached),
            ("limit_gflops", network.limitGigaflops),
            ("limit_share", network.limitGigaflops > 0 ? reached / network.limitGigaflops : 0),
            ("multiply_adds", Double(network.multiplyAdds)),
            ("network_build_ms", network.buildMilliseconds),
            ("network_cold_ms", network.coldMilliseconds),
            ("arena_bytes", Double(network.arenaBytes)),
            ("constant_bytes", Double(network.constantBytes)),
        ]
        if bench.profile { outcome.layers = network.profile() }
    }

    /// Runs of the bare network and their median milliseconds, repeat by repeat: all of the time when nothing else is
    /// asked for, else enough for a median.
    private func time(
        _ network: inout BareNetwork
    ) -> (medians: [Double], latency: LatencyRecorder) {
        let isAlone = bench.scenario == .network
        let seconds = isAlone ? bench.secondsOfRepeat : min(1, bench.secondsOfRepeat)
        var latency = LatencyRecorder()
        var medians: [Double] = []
        _ = generator.backToBack(seconds: min(0.3, seconds)) { _ in _ = network.run() }
        for _ in 0..<bench.repeats where !stop.isRequested {
            var times: [Double] = []
            let run = generator.backToBack(seconds: seconds) { _ in
                let time = network.run()
                if times.count < 1_000_000 { times.append(time) }
            }
            latency.merge(run.latency)
            medians.append(times.sortedMedian)
        }
        return (medians, latency)
    }

    /// Detector calls on pictures in memory: scaling, network, proposals, regions and suppression.
    private func measureDetector(into outcome: inout BenchOutcome) throws {
        var settings = try AnalyseSettings(description)
        settings.isLive = bench.scenario != .offline
        if let notice = settings.untrainedNotice { outcome.remarks.append(notice) }
        console.say("decoding pictures into memory …")
        let frames = try HeldFrames(description, stop: stop)
        console.say("the detector, \(bench.scenario.rawValue) …")
        let recorder = StageRecorder()
        if bench.scenario == .offline {
            return try measureOffline(settings, frames, recorder, into: &outcome)
        }
        let start = MonotonicClock.system.now
        var looker = try Looker(settings)
        let built = MonotonicClock.system.now
        frames.look(with: &looker, at: 0, StageRecorder())
        let cold = MonotonicClock.system.now - built
        warmUp { frames.look(with: &looker, at: $0, StageRecorder()) }
        let processor = clock()
        let runs = (0..<bench.repeats).map { _ in
            repeatOnce { frames.look(with: &looker, at: $0, recorder) }
        }
        let spent = Double(clock() - processor) / 1e3
        outcome.numbers += [
            ("detector_build_ms", Double(built - start) / 1e6),
            ("detector_cold_first_frame_ms", Double(cold) / 1e6),
        ]
        outcome.adopt(runs, bench, processorMilliseconds: spent)
        outcome.adopt(recorder)
    }

    private func warmUp(_ look: (Int) -> Void) {
        for index in 0..<10 { look(index) }
        _ = generator.backToBack(seconds: bench.warmup, answer: look)
    }

    private func repeatOnce(_ look: (Int) -> Void) -> LoadGenerator.Outcome {
        let seconds = bench.secondsOfRepeat
        return switch bench.scenario {
        case .live: generator.live(seconds: seconds, rate: bench.rate, answer: look)
        case .multiStream:
            generator.backToBack(
                seconds: seconds, samplesPerQuery: bench.streams, answer: look)
        default: generator.backToBack(seconds: seconds, answer: look)
        }
    }

    /// Everything at once: as many pictures as the time allows, shared by detectors side by side.
    private func measureOffline(
        _ settings: AnalyseSettings, _ frames: HeldFrames, _ recorder: StageRecorder,
        into outcome: inout BenchOutcome
    ) throws {
        let crew = try OfflineCrew(settings, frames, recorder)
        let start = MonotonicClock.system.now
        try crew.run(count: 32)
        let second = MonotonicClock.system.now
        try crew.run(count: 32)
        let pace = Double(MonotonicClock.system.now - second) / 32e9
        outcome.numbers.append(("offline_cold_batch_ms", Double(second - start) / 1e6))
        let count = max(32, Int(bench.secondsOfRepeat / max(pace, 1e-6)))
        let processor = clock()
        var rates: [Double] = []
        for _ in 0..<bench.repeats where !stop.isRequested {
            let begun = MonotonicClock.system.now
            try crew.run(count: count)
            rates.append(Double(count) * 1e9 / Double(MonotonicClock.system.now - begun))
        }
        let spent = Double(clock() - processor) / 1e3
        outcome.metrics.append(
            BenchMetric(
                "detector_calls_per_s", rates.isEmpty ? [0] : rates, isLowerBetter: false))
        outcome.numbers += [
            ("detector_calls", Double(count * rates.count)),
            ("detector_processor_ms", spent / Double(max(1, count * rates.count))),
        ]
        outcome.adopt(recorder)
    }

    /// Decoding, detecting and tracking from the file, nothing written.
    private func measurePipeline(into outcome: inout BenchOutcome) throws {
        console.say("the pipeline: decoding, detecting and tracking …")
        var description = description
        description.output.video = false
        description.output.path = nil
        var rates: [Double] = []
        var factors: [Double] = []
        for _ in 0..<bench.repeats where !stop.isRequested {
            let run = try DetectRun(
                description, console: Console(isQuiet: true, isTerminal: false), stop: stop)
            let report = run.run()
            if let failure = report.failure ?? report.jobs.first?.failure { throw failure }
            guard let job = report.jobs.first, job.wallSeconds > 0 else { continue }
            rates.append(Double(job.counts.detected + job.counts.tracked) / job.wallSeconds)
            factors.append(job.mediaSeconds / job.wallSeconds)
        }
        guard !rates.isEmpty else { return }
        outcome.metrics += [
            BenchMetric("pipeline_frames_per_wall_s", rates, isLowerBetter: false),
            BenchMetric("real_time_factor", factors, isLowerBetter: false),
        ]
    }
}

extension BenchOutcome {
    /// Takes over what the repeats of a scenario measured.
    fileprivate mutating func adopt(
        _ runs: [LoadGenerator.Outcome], _ bench: BenchDescription, processorMilliseconds: Double
    ) {
        var all = LoadGenerator.Outcome()
        for run in runs { all.merge(run) }
        let calls = runs.map { $0.seconds > 0 ? Double($0.samples) / $0.seconds : 0 }
        let means = runs.map { ($0.latency.mean ?? 0) / 1e6 }
        let unit = bench.scenario == .multiStream ? "query_of_\(bench.streams)" : "detector"
        metrics.append(BenchMetric("\(unit)_mean_ms", means, isLowerBetter: true))
        if bench.scenario == .live {
            numbers += [
                ("arrivals_per_s", bench.rate), ("dropped_replaced_by_newer", Double(all.dropped)),
            ]
            if let rate = LoadGenerator.highestRateWithoutDrops(all.services) {
                numbers.append(("highest_arrivals_per_s_without_drops", rate))
            }
        } else {
            metrics.append(BenchMetric("detector_calls_per_s", calls, isLowerBetter: false))
        }
        latencies.append((bench.scenario == .live ? "age of the answer" : unit, all.latency))
        numbers += [
            ("detector_calls", Double(all.samples)),
            ("detector_processor_ms", processorMilliseconds / Double(max(1, all.samples))),
        ]
    }

    /// The detector's parts, and what stands around the network as a share of the bare network's time: everything but the
    /// network and the region head's products.
    fileprivate mutating func adopt(_ recorder: StageRecorder) {
        let around = [
            ("scaling (pre)", recorder[.scale]),
            ("proposals, NMS (post)", recorder[step: .proposals]),
            ("region pooling (post)", recorder[step: .pooling]),
            ("final suppression (post)", recorder[step: .suppression]),
        ]
        let products = [
            ("network (net)", recorder[step: .network]),
            ("region head (net)", recorder[step: .head]),
        ]
        latencies += (around + products).map { (name: "  " + $0.0, recorder: $0.1) }
        let medians = around.compactMap { $0.1.value(at: .p50) }
        let network = metrics.first { $0.name == "network_ms" }?.median ?? 0
        guard medians.count == around.count, network > 0 else { return }
        let milliseconds = Double(medians.reduce(0, +)) / 1e6
        numbers += [
            ("around_network_ms", milliseconds), ("around_network_share", milliseconds / network),
        ]
    }
}

public import Configuration
public import Flow
internal import Glibc
public import Pipeline
internal import ThunderNet

/// Benchmark of a model under one scenario: network, detector and pipeline separately.
public struct ScenarioRun: Sendable {
    let bench: BenchDescription
    private let command: [String]
    let console: Console
    let stop: StopSignal
    var description: DetectDescription { bench.run }

    /// Prepares a scenario on the description's one source; the bare network needs none.
    ///
    /// `command` is the command line, for the report.
    public init(
        _ bench: BenchDescription, command: [String], console: Console, stop: StopSignal
    ) {
        self.bench = bench
        self.command = command
        self.console = console
        self.stop = stop
    }

    /// Runs the scenario and compares it with an earlier report where one is given.
    ///
    /// - Throws: A `RunError` when model or source cannot be read, or on a stop.
    public func run() throws(RunError) -> BenchOutcome {
        let conditions = BenchConditions(description, command: command)
        let context = try DetectionContext(description)
        let accuracy = try AccuracyMeasurement(bench, context.model)
        var outcome = BenchOutcome(scenario: bench.scenario, conditions: conditions)
        try measure(context, into: &outcome)
        if stop.isRequested { throw RunError(.interrupted, "Stopped.") }
        outcome.accuracy = try accuracy.measure(console, stop)
        if let path = bench.compare {
            outcome.comparison = try BenchComparison(
                outcome.metrics, conditions, with: try TextInput.read(path), named: path)
        }
        return outcome
    }

    private func measure(
        _ context: DetectionContext, into outcome: inout BenchOutcome
    ) throws(RunError) {
        let watch = SpeedWatch(
            description.model.environment, threads: outcome.conditions.threads)
        console.info("the bare network …")
        let times = try measureNetwork(into: &outcome)
        guard bench.scenario != .network else {
            outcome.drift = watch.drift(times)
            return
        }
        do {
            try measureDetector(context, watch, into: &outcome)
            try measurePipeline(into: &outcome)
        } catch let error as RunError {
            throw error
        } catch {
            throw RunError(.failed, "Measuring the detector: \(error)")
        }
        outcome.remarks.append(
            "The scenario follows the definitions of MLPerf Inference; this is not an MLPerf score."
        )
    }

    /// Shows the elapsed time of a measurement on a terminal.
    ///
    /// The line is written by another thread, so that no measured query waits for the terminal.
    func showingProgress<Result>(
        seconds: Double, _ body: () throws -> Result
    ) rethrows -> Result {
        guard console.isTerminal && !console.isQuiet else { return try body() }
        defer { console.progress("") }
        let total = DecimalText.text(seconds, decimals: 0)
        return try repeating(every: 500_000_000) { [console] elapsed in
            let elapsed = DecimalText.text(min(elapsed, seconds), decimals: 0)
            console.progress("  \(elapsed) of \(total) s")
        } during: {
            try body()
        }
    }

    var generator: LoadGenerator {
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

    /// Measures time and size of the bare network, and its share of the peak rate.
    ///
    /// Returns the milliseconds of all runs in the order of time.
    private func measureNetwork(into outcome: inout BenchOutcome) throws(RunError) -> [Double] {
        var network = try BareNetwork(description.model)
        let (times, latency) = time(&network)
        let medians = times.map(\.sortedMedian)
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
        return times.flatMap { $0 }
    }

    /// Milliseconds of the bare network's runs, by repeat.
    ///
    /// The network scenario spends all its time here, the others enough for a median.
    private func time(
        _ network: inout BareNetwork
    ) -> (times: [[Double]], latency: LatencyRecorder) {
        let isAlone = bench.scenario == .network
        let seconds = isAlone ? bench.secondsOfRepeat : min(1, bench.secondsOfRepeat)
        var latency = LatencyRecorder()
        var all: [[Double]] = []
        _ = generator.backToBack(seconds: min(0.3, seconds)) { _ in _ = network.run() }
        return showingProgress(seconds: seconds * Double(bench.repeats)) {
            for _ in 0..<bench.repeats where !stop.isRequested {
                var times: [Double] = []
                let run = generator.backToBack(seconds: seconds) { _ in
                    let time = network.run()
                    if times.count < 1_000_000 { times.append(time) }
                }
                latency.merge(run.latency)
                all.append(times)
            }
            return (all, latency)
        }
    }
}

internal import Configuration
internal import Flow
internal import Pipeline
internal import ThunderNet

extension BenchOutcome {
    /// Adds the measurements of a scenario's repeats.
    mutating func add(
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

    /// Adds the times of the detector's steps, and the work around the network as a share of the network's time.
    ///
    /// The network and the region head's layers do not count as work around it.
    mutating func add(_ recorder: StepRecorder) {
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

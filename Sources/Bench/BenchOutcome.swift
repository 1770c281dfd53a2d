public import Configuration
public import Flow
internal import Pipeline
public import ThunderNet

/// Report of a scenario, for people and for programs.
public struct BenchOutcome: Sendable {
    /// The scenario.
    public let scenario: BenchDescription.Scenario
    /// Machine, model, input and command.
    public let conditions: BenchConditions
    /// Metrics, measured once per repeat.
    public var metrics: [BenchMetric] = []
    /// Latency distributions by the work that one sample covers, in the order of the report.
    public var latencies: [(name: String, recorder: LatencyRecorder)] = []
    /// Single numbers by name: sizes, the cold first frame, the peak rate.
    public var numbers: [(name: String, value: Double)] = []
    /// Remarks for people.
    public var remarks: [String] = []
    /// Time of each layer; empty unless asked for.
    public var layers: [BareNetwork.Layer] = []
    /// The machine's peak multiply-add rate in GFLOP/s.
    public var limitGigaflops = 0.0
    /// Accuracy of the benchmarked model.
    public var accuracy: BenchAccuracy?
    /// Change of the processor's speed during the benchmark.
    public var drift: Drift?
    /// Division of the detector's threads.
    var threads: ThreadChoice?
    /// Comparison with an earlier report; nil where none is given.
    public var comparison: BenchComparison?

    /// The report for people.
    public var text: String {
        let source = conditions.source.map { "\($0), " } ?? ""
        var lines = [
            "\(scenario.rawValue): \(source)model \(conditions.model) (\(conditions.timed))",
            conditions.text, "",
        ]
        for metric in metrics {
            let noise = metric.noise.map {
                " ±\(DecimalText.text($0 * 100, decimals: 1)) % over \(metric.values.count) repeats"
            }
            lines.append(
                metric.name.padded(34) + DecimalText.text(metric.median, decimals: 3)
                    + (noise ?? ""))
        }
        for (name, value) in numbers {
            lines.append(name.padded(34) + Self.plain(value, decimals: 3))
        }
        lines += LatencyTable(title: "latency in ms", rows: latencies).lines
        lines += threads?.text ?? []
        if let accuracy { lines.append(accuracy.text(conditions)) }
        lines += remarks
        if let warning = drift?.warning { lines.append(warning) }
        if !layers.isEmpty { lines += [""] + layers.map(row) }
        if let comparison { lines += ["", comparison.text] }
        return lines.joined(separator: "\n")
    }

    /// Counts without a fraction, measurements with one.
    private static func plain(_ value: Double, decimals: Int) -> String {
        DecimalText.text(value, decimals: value == value.rounded() ? 0 : decimals)
    }

    private func row(_ layer: BareNetwork.Layer) -> String {
        let share = limitGigaflops > 0 ? 100 * layer.gigaflops / limitGigaflops : 0
        let columns = [
            (layer.microseconds, 1, " µs"), (Double(layer.multiplyAdds) / 1e6, 3, " M"),
            (layer.gigaflops, 1, " GFLOP/s"), (share, 1, " % of the peak  "),
        ]
        return columns.map { value, decimals, unit in
            let text = DecimalText.text(value, decimals: decimals)
            return String(repeating: " ", count: max(0, 9 - text.count)) + text + unit
        }.joined() + layer.name
    }

    /// The report as one JSON object.
    public var json: String {
        JSONObject { root in
            root.add("scenario", scenario.rawValue)
            conditions.add(to: &root)
            for (name, value) in numbers { root.addRaw(name, Self.plain(value, decimals: 4)) }
            root.add(
                "metrics",
                JSONObject { for metric in metrics { metric.add(to: &$0) } })
            root.add(
                "latencies",
                JSONObject { object in
                    for (name, recorder) in latencies { object.add(name, recorder.jsonObject) }
                })
            if let threads { root.add("detector_threads", threads.json) }
            if let accuracy { root.add("accuracy", accuracy.json) }
            drift?.add(to: &root)
            if !layers.isEmpty { root.addRaw("layers", layersJSON) }
            if let comparison { root.addRaw("comparison", comparison.json) }
        }.text
    }

    private var layersJSON: String {
        let rows = layers.map { layer in
            JSONObject {
                $0.add("name", layer.name)
                $0.add("us", layer.microseconds)
                $0.add("multiply_adds", layer.multiplyAdds)
                $0.add("gflops", layer.gigaflops)
                $0.add(
                    "limit_share", limitGigaflops > 0 ? layer.gigaflops / limitGigaflops : nil)
            }.text
        }
        return "[\(rows.joined(separator: ","))]"
    }
}

extension LatencyRecorder {
    /// Count, extremes and percentiles in milliseconds; a percentile of too few samples is null.
    var jsonObject: JSONObject {
        JSONObject { object in
            object.add("n", count)
            object.add("min_ms", minimum.map { Double($0) / 1e6 })
            object.add("mean_ms", mean.map { $0 / 1e6 })
            for percentile in [Percentile.p50, .p90, .p95, .p99, .p999] {
                object.add("\(percentile)_ms", value(at: percentile).map { Double($0) / 1e6 })
            }
            object.add("max_ms", maximum.map { Double($0) / 1e6 })
        }
    }
}

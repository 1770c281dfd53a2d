internal import Foundation
internal import Pipeline

/// Comparison of a benchmark with an earlier one, metric by metric, with the noise taken into account.
public struct BenchComparison: Sendable {
    /// Change of one metric.
    public enum Verdict: String, Sendable, Hashable {
        /// Better by more than the noise of both runs.
        case better
        /// Worse by more than the noise of both runs.
        case worse
        /// Changed by no more than the noise of both runs.
        case same = "same within noise"
        /// Of unknown noise: one of the two was measured once.
        case unknown = "no noise band (measured once)"
    }

    /// A metric of both benchmarks.
    public struct Row: Sendable, Hashable {
        /// The metric's name.
        public let name: String
        /// Median of the earlier benchmark.
        public let old: Double
        /// Median of the later benchmark.
        public let new: Double
        /// Noise band as a share of the median; nil where it is unknown.
        public let band: Double?
        /// Change of the metric.
        public let verdict: Verdict
    }

    /// Metrics of both benchmarks, in the order of the later one.
    public let rows: [Row]
    /// Differences that limit the comparison: another machine, model or input.
    public let warnings: [String]

    /// Smallest noise band: even an idle machine differs by this from run to run.
    private static let leastBand = 0.01

    /// Compares metrics with a report that ``BenchOutcome/json`` wrote.
    ///
    /// - Throws: A `RunError` when the text is no such report.
    init(
        _ metrics: [BenchMetric], _ conditions: BenchConditions, with text: String,
        named name: String
    )
        throws(RunError)
    {
        guard let root = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
            let old = root["metrics"] as? [String: [String: Any]]
        else {
            throw RunError(
                .usage, "Comparing with \(name): it is no JSON report of thunderline bench.")
        }
        rows = metrics.compactMap { metric in
            let entry = old[metric.name] ?? metric.formerName.flatMap { old[$0] }
            guard let values = entry?["values"] as? [Double], !values.isEmpty else { return nil }
            return Self.row(
                BenchMetric(metric.name, values, isLowerBetter: metric.isLowerBetter), metric)
        }
        warnings = conditions.comparable.compactMap { key, value in
            guard let before = root[key] as? String, before != value else { return nil }
            return "\(key) was \(before) and is now \(value)"
        }
    }

    static func row(_ old: BenchMetric, _ new: BenchMetric) -> Row {
        let band = old.noise.flatMap { before in
            new.noise.map { max(leastBand, before + $0) }
        }
        let change = old.median > 0 ? new.median / old.median - 1 : 0
        let verdict: Verdict =
            if let band {
                abs(change) <= band ? .same : (change < 0) == new.isLowerBetter ? .better : .worse
            } else {
                .unknown
            }
        return Row(
            name: new.name, old: old.median, new: new.median, band: band, verdict: verdict)
    }

    /// The comparison for people.
    public var text: String {
        var lines = warnings.map { "warning: \($0)" }
        for row in rows {
            let change = row.old > 0 ? (row.new / row.old - 1) * 100 : 0
            let band = row.band.map { ", noise ±\(DecimalText.text($0 * 100, decimals: 1)) %" }
            let sign = change < 0 ? "" : "+"
            lines.append(
                "\(row.name.padded(34))\(DecimalText.text(row.old, decimals: 3)) → \(DecimalText.text(row.new, decimals: 3))"
                    + " (\(sign)\(DecimalText.text(change, decimals: 1)) %\(band ?? "")): \(row.verdict.rawValue)"
            )
        }
        if rows.isEmpty { lines.append("the two reports have no metric in common") }
        return lines.joined(separator: "\n")
    }

    var json: String {
        let rows = rows.map { row in
            JSONObject {
                $0.add("name", row.name)
                $0.add("old", row.old)
                $0.add("new", row.new)
                $0.add("band", row.band)
                $0.add("verdict", row.verdict.rawValue)
            }.text
        }
        return "[\(rows.joined(separator: ","))]"
    }
}

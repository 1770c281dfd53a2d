internal import Foundation
internal import Pipeline

/// A bench beside an earlier one, figure by figure, with what is noise called noise.
public struct BenchComparison: Sendable {
    /// What became of one figure.
    public enum Verdict: String, Sendable, Hashable {
        /// The change is larger than the noise of both runs together, to the better.
        case better
        /// The change is larger than the noise of both runs together, to the worse.
        case worse
        /// The change is within the noise.
        case same = "same within noise"
        /// One of the two was measured once, so that nobody knows its noise.
        case unknown = "no noise band (measured once)"
    }

    /// One figure in both.
    public struct Row: Sendable, Hashable {
        /// The figure's name.
        public let name: String
        /// Median of the earlier bench.
        public let old: Double
        /// Median now.
        public let new: Double
        /// What counts as noise, as a share; nil where it is not known.
        public let band: Double?
        /// What became of it.
        public let verdict: Verdict
    }

    /// Figures that both have, in the order of the new one.
    public let rows: [Row]
    /// What makes the two hard to compare: another machine, model or input.
    public let warnings: [String]

    /// Even a quiet machine differs by this from run to run.
    private static let leastBand = 0.01

    /// Compares figures with a report that ``BenchOutcome/json`` wrote.
    ///
    /// - Throws: A ``RunError`` when the report is none.
    init(_ metrics: [BenchMetric], _ facts: BenchFacts, with text: String, named name: String)
        throws(RunError)
    {
        guard let root = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
            let old = root["metrics"] as? [String: [String: Any]]
        else {
            throw RunError(.usage, "Comparing with \(name): it is no JSON report of a bench.")
        }
        rows = metrics.compactMap { metric in
            guard let values = old[metric.name]?["values"] as? [Double], !values.isEmpty else {
                return nil
            }
            return Self.row(
                BenchMetric(metric.name, values, isLowerBetter: metric.isLowerBetter), metric)
        }
        warnings = facts.comparable.compactMap { key, value in
            guard let before = root[key] as? String, before != value else { return nil }
            return "\(key) was \(before), and is \(value)"
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
        var lines = warnings.map { "careful: \($0)" }
        for row in rows {
            let change = row.old > 0 ? (row.new / row.old - 1) * 100 : 0
            let band = row.band.map { ", noise ±\(DecimalText.text($0 * 100, decimals: 1)) %" }
            let sign = change < 0 ? "" : "+"
            lines.append(
                "\(row.name.padded(34))\(DecimalText.text(row.old, decimals: 3)) → \(DecimalText.text(row.new, decimals: 3))"
                    + " (\(sign)\(DecimalText.text(change, decimals: 1)) %\(band ?? "")): \(row.verdict.rawValue)"
            )
        }
        if rows.isEmpty { lines.append("the two reports have no figure in common") }
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

import Datasets
import Foundation
import Training

/// Text report of `thunderline dataset check`.
struct DatasetReport {
    private let findings: [SetFindings]
    private let pairs: [DuplicatePair]
    private let reach: AnchorReach
    private let limit: Int

    /// Computes the findings of several sets; `reach` is empty.
    init(_ sets: [AnnotatedSet], _ scan: DatasetScan, _ reach: AnchorReach, limit: Int) {
        findings = zip(sets, scan.facts).map { SetFindings($0, $1) }
        pairs = DuplicatePair.all(
            zip(sets, scan.facts).map { ($0.pictures.map(\.path), $1) })
        var reach = reach
        for (set, facts) in zip(sets, scan.facts) {
            for (picture, facts) in zip(set.pictures, facts) {
                guard let extent = facts.extent else { continue }
                reach.add(
                    picture.validAnnotations(width: extent.width, height: extent.height),
                    in: extent)
            }
        }
        self.reach = reach
        self.limit = limit
    }

    /// True when every image could be decoded.
    var isReadable: Bool { findings.allSatisfy(\.unreadable.isEmpty) }

    /// Full text of the report.
    var text: String {
        (findings.map { $0.text(limit: limit) }
            + copies("within a set", pairs.filter { !$0.isBetweenSets })
            + copies("between sets", pairs.filter(\.isBetweenSets)) + [anchors])
            .joined(separator: "\n\n")
    }

    private func copies(_ place: String, _ pairs: [DuplicatePair]) -> [String] {
        guard !pairs.isEmpty else { return [] }
        let rest = pairs.count > limit ? ["  … and \(pairs.count - limit) more"] : []
        let shown = pairs.prefix(limit).map { "  \($0.second) is a copy of \($0.first)" }
        return [
            (["\(pairs.count) \(pairs.count == 1 ? "copy" : "copies") \(place):"] + shown + rest)
                .joined(separator: "\n")
        ]
    }

    private var anchors: String {
        let shares = zip(AnchorReach.levels, reach.reached).map { level, count in
            let share = 100 * Double(count) / Double(max(1, reach.count))
            return String(format: "%.0f %% at IoU %.1f", share, Double(level))
        }
        return
            "anchors at \(reach.extent.width)x\(reach.extent.height), \(reach.count) boxes covered: "
            + shares.joined(separator: ", ") + String(format: "; mean IoU %.2f", reach.mean)
    }
}

/// Identity metrics: one assignment of identities for the whole sequence (Ristani et al., 2016).
public struct IdentityMetrics: Hashable, Sendable {
    /// IDTP: boxes that agree with the best assignment of identities.
    public private(set) var hits = 0
    /// IDFN: ground-truth boxes that do not.
    public private(set) var misses = 0
    /// IDFP: boxes of the tracker that do not.
    public private(set) var falsePositives = 0

    /// IDF1: harmonic mean of precision and recall.
    public var f1: Double {
        Double(hits) / max(1, Double(hits) + 0.5 * Double(misses + falsePositives))
    }

    /// IDP: fraction of the tracker's boxes that agree.
    public var precision: Double { Double(hits) / Double(max(1, hits + falsePositives)) }

    /// IDR: fraction of the ground-truth boxes that agree.
    public var recall: Double { Double(hits) / Double(max(1, hits + misses)) }

    init(_ sequence: PairedSequence) {
        var common = IdentityTable(
            rows: sequence.truthLengths.count, columns: sequence.resultLengths.count)
        for frame in sequence.frames {
            for (row, truth) in frame.truths.enumerated() {
                for (column, result) in frame.results.enumerated()
                where frame.overlap(row, column) >= 0.5 {
                    common[truth, result] += 1
                }
            }
        }
        var assignment = Assignment()
        assignment.solve(
            rows: sequence.truthLengths.count, columns: sequence.resultLengths.count
        ) { common[$0, $1] }
        for truth in sequence.truthLengths.indices {
            guard let result = assignment.column(ofRow: truth) else { continue }
            hits += Int(common[truth, result])
        }
        misses = sequence.truthCount - hits
        falsePositives = sequence.resultCount - hits
    }
}

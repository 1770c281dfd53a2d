/// HOTA and its components, means over overlaps 0.05 to 0.95 (Luiten et al., 2021); each 0 to 1.
public struct HigherOrderMetrics: Hashable, Sendable {
    /// HOTA: geometric mean of detection and association accuracy at each overlap.
    public private(set) var accuracy = 0.0
    /// DetA: matched boxes over all boxes.
    public private(set) var detection = 0.0
    /// AssA: agreement of identities over the whole sequence, mean over matches.
    public private(set) var association = 0.0
    /// LocA: mean overlap of the matches.
    public private(set) var localization = 0.0

    static let thresholds = (0..<19).map { 0.05 + Double($0) * 0.05 }

    init(_ sequence: PairedSequence) {
        let pairs = Self.match(sequence)
        let all = Double(sequence.truthCount + sequence.resultCount)
        for threshold in Self.thresholds {
            let part = ThresholdSums(sequence, pairs, threshold: threshold)
            let found = part.hits / max(1, all - part.hits)
            accuracy += (found * part.association).squareRoot()
            detection += found
            association += part.association
            localization += part.localization
        }
        let count = Double(Self.thresholds.count)
        accuracy /= count
        detection /= count
        association /= count
        localization /= count
    }

    /// Matches each frame with the weights of the whole sequence's alignment.
    private static func match(_ sequence: PairedSequence) -> [IdentityPair] {
        let alignment = self.alignment(sequence)
        var assignment = Assignment()
        var pairs: [IdentityPair] = []
        for frame in sequence.frames {
            assignment.solve(rows: frame.truths.count, columns: frame.results.count) {
                alignment[frame.truths[$0], frame.results[$1]] * frame.overlap($0, $1)
            }
            for row in frame.truths.indices {
                guard let column = assignment.column(ofRow: row) else { continue }
                pairs.append(
                    IdentityPair(
                        truth: frame.truths[row], result: frame.results[column],
                        overlap: frame.overlap(row, column)))
            }
        }
        return pairs
    }

    /// Jaccard alignment of each pair of identities over the whole sequence.
    private static func alignment(_ sequence: PairedSequence) -> IdentityTable {
        var table = IdentityTable(
            rows: sequence.truthLengths.count, columns: sequence.resultLengths.count)
        for frame in sequence.frames { add(frame, to: &table) }
        for (truth, length) in sequence.truthLengths.enumerated() {
            for (result, other) in sequence.resultLengths.enumerated() {
                let common = table[truth, result]
                table[truth, result] = common / (Double(length + other) - common)
            }
        }
        return table
    }

    private static func add(_ frame: PairedSequence.Frame, to table: inout IdentityTable) {
        let rows = frame.truths.indices.map { row in
            frame.results.indices.reduce(0) { $0 + frame.overlap(row, $1) }
        }
        let columns = frame.results.indices.map { column in
            frame.truths.indices.reduce(0) { $0 + frame.overlap($1, column) }
        }
        for row in frame.truths.indices {
            for column in frame.results.indices {
                let overlap = frame.overlap(row, column)
                let whole = rows[row] + columns[column] - overlap
                guard whole > Double.ulpOfOne else { continue }
                table[frame.truths[row], frame.results[column]] += overlap / whole
            }
        }
    }
}

/// Match of two identities in one frame.
private struct IdentityPair {
    var truth: Int
    var result: Int
    var overlap: Double
}

/// Sums at one overlap threshold.
private struct ThresholdSums {
    var hits = 0.0
    var association = 0.0
    var localization = 1.0

    init(_ sequence: PairedSequence, _ pairs: [IdentityPair], threshold: Double) {
        var counts = IdentityTable(
            rows: sequence.truthLengths.count, columns: sequence.resultLengths.count)
        var overlapSum = 0.0
        for pair in pairs where pair.overlap >= threshold - Double.ulpOfOne {
            counts[pair.truth, pair.result] += 1
            hits += 1
            overlapSum += pair.overlap
        }
        guard hits > 0 else { return }
        localization = overlapSum / hits
        for (truth, length) in sequence.truthLengths.enumerated() {
            for (result, other) in sequence.resultLengths.enumerated() {
                let count = counts[truth, result]
                guard count > 0 else { continue }
                association += count * count / max(1, Double(length + other) - count)
            }
        }
        association /= hits
    }
}

/// Measures of frame-by-frame matching: CLEAR MOT (Bernardin and Stiefelhagen, 2008).
public struct ClearMetrics: Hashable, Sendable {
    /// Boxes of the ground truth that were matched.
    public private(set) var hits = 0
    /// Boxes of the ground truth that were not.
    public private(set) var misses = 0
    /// Boxes of the tracker that match nothing.
    public private(set) var falsePositives = 0
    /// How often a true object was matched with another identity than the time before.
    public private(set) var identitySwitches = 0
    /// How often the following of a true object was interrupted and taken up again.
    public private(set) var fragmentations = 0
    /// True objects matched in more than 80 % of their frames.
    public private(set) var mostlyTracked = 0
    /// True objects matched in 20 to 80 % of their frames.
    public private(set) var partlyTracked = 0
    /// True objects matched in less than 20 % of their frames.
    public private(set) var mostlyLost = 0
    private var overlapSum = 0.0

    /// MOTA: 1 − (misses + false positives + identity switches) / boxes of the ground truth.
    public var accuracy: Double {
        Double(hits - falsePositives - identitySwitches) / Double(max(1, hits + misses))
    }

    /// MOTP: mean overlap of the matches, 0 without any.
    public var precision: Double { overlapSum / Double(max(1, hits)) }

    init(_ sequence: PairedSequence) {
        guard sequence.resultCount > 0, sequence.truthCount > 0 else {
            misses = sequence.truthCount
            falsePositives = sequence.resultCount
            mostlyLost = sequence.truthLengths.count
            return
        }
        var state = ClearState(truths: sequence.truthLengths.count)
        for frame in sequence.frames { add(frame, to: &state) }
        fragmentations = state.stretches.reduce(0) { $0 + max($1 - 1, 0) }
        for (matched, length) in zip(state.matched, sequence.truthLengths) {
            let share = Double(matched) / Double(length)
            if share > 0.8 {
                mostlyTracked += 1
            } else if share >= 0.2 {
                partlyTracked += 1
            } else {
                mostlyLost += 1
            }
        }
    }

    private mutating func add(_ frame: PairedSequence.Frame, to state: inout ClearState) {
        guard !frame.truths.isEmpty, !frame.results.isEmpty else {
            misses += frame.truths.count
            falsePositives += frame.results.count
            return
        }
        let pairs = state.match(frame)
        hits += pairs.count
        misses += frame.truths.count - pairs.count
        falsePositives += frame.results.count - pairs.count
        for pair in pairs {
            overlapSum += frame.overlap(pair.row, pair.column)
            let truth = frame.truths[pair.row]
            if let last = state.lastResult[truth], last != frame.results[pair.column] {
                identitySwitches += 1
            }
        }
        state.take(pairs, of: frame)
    }
}

/// A chosen pair, by places in the frame.
struct MatchedPair {
    var row: Int
    var column: Int
}

/// What frame-by-frame matching remembers of each true object.
private struct ClearState {
    /// The identity of the last match ever.
    var lastResult: [Int?]
    /// The identity of the match in the frame before.
    private var previousResult: [Int?]
    /// Number of frames matched.
    var matched: [Int]
    /// Number of uninterrupted stretches of matches.
    var stretches: [Int]
    private var assignment = Assignment()

    init(truths: Int) {
        lastResult = Array(repeating: nil, count: truths)
        previousResult = lastResult
        matched = Array(repeating: 0, count: truths)
        stretches = matched
    }

    /// As many pairs of the frame before as possible, then the greatest overlap.
    mutating func match(_ frame: PairedSequence.Frame) -> [MatchedPair] {
        let before = previousResult
        assignment.solve(rows: frame.truths.count, columns: frame.results.count) { row, column in
            let overlap = frame.overlap(row, column)
            guard overlap >= 0.5 - Double.ulpOfOne else { return 0 }
            return overlap + (before[frame.truths[row]] == frame.results[column] ? 1000 : 0)
        }
        return frame.truths.indices.compactMap { row in
            assignment.column(ofRow: row).map { MatchedPair(row: row, column: $0) }
        }
    }

    mutating func take(_ pairs: [MatchedPair], of frame: PairedSequence.Frame) {
        let before = previousResult
        for truth in previousResult.indices { previousResult[truth] = nil }
        for pair in pairs {
            let truth = frame.truths[pair.row]
            matched[truth] += 1
            lastResult[truth] = frame.results[pair.column]
            previousResult[truth] = lastResult[truth]
            if before[truth] == nil { stretches[truth] += 1 }
        }
    }
}

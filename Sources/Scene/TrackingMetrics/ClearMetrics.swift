/// CLEAR MOT metrics: frame-by-frame matching (Bernardin and Stiefelhagen, 2008).
public struct ClearMetrics: Hashable, Sendable {
    /// Matched ground-truth boxes.
    public private(set) var hits = 0
    /// Unmatched ground-truth boxes.
    public private(set) var misses = 0
    /// Unmatched boxes of the tracker.
    public private(set) var falsePositives = 0
    /// Number of times a true object was matched with a different identity than before.
    public private(set) var identitySwitches = 0
    /// Number of times the match of a true object was interrupted and resumed.
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

    /// MOTP: mean overlap of the matches, 0 without matches.
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
        fragmentations = state.segments.reduce(0) { $0 + max($1 - 1, 0) }
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
        state.record(pairs, of: frame)
    }
}

/// Matched pair, by indices in the frame.
struct MatchedPair {
    var row: Int
    var column: Int
}

/// State of frame-by-frame matching for each true object.
private struct ClearState {
    /// Identity of the last match in any earlier frame.
    var lastResult: [Int?]
    /// Identity of the match in the previous frame.
    private var previousResult: [Int?]
    /// Number of frames matched.
    var matched: [Int]
    /// Number of uninterrupted runs of matches.
    var segments: [Int]
    private var assignment = Assignment()

    init(truths: Int) {
        lastResult = Array(repeating: nil, count: truths)
        previousResult = lastResult
        matched = Array(repeating: 0, count: truths)
        segments = matched
    }

    /// Matches one frame: keeps as many pairs of the previous frame as possible, then maximises the overlap.
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

    mutating func record(_ pairs: [MatchedPair], of frame: PairedSequence.Frame) {
        let before = previousResult
        for truth in previousResult.indices { previousResult[truth] = nil }
        for pair in pairs {
            let truth = frame.truths[pair.row]
            matched[truth] += 1
            lastResult[truth] = frame.results[pair.column]
            previousResult[truth] = lastResult[truth]
            if before[truth] == nil { segments[truth] += 1 }
        }
    }
}

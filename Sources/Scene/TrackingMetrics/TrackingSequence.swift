/// One box with an identity: of the ground truth or of a tracker.
public struct IdentifiedBox: Hashable, Sendable {
    /// Identity, once in a frame at most.
    public var id: Int
    /// Index into the list of classes; nil fits any class.
    public var classIndex: Int?
    /// Where it is, in pixels.
    public var box: Box

    /// A box by its parts.
    public init(id: Int, classIndex: Int? = nil, box: Box) {
        self.id = id
        self.classIndex = classIndex
        self.box = box
    }

    /// A tracked object, seen or predicted.
    public init(_ object: TrackedObject) {
        self.init(id: object.id, classIndex: object.classIndex, box: object.box)
    }
}

/// What was in one frame, and what a tracker said.
public struct TrackingFrame: Hashable, Sendable {
    /// What was there.
    public var truths: [IdentifiedBox]
    /// What the tracker said.
    public var results: [IdentifiedBox]

    /// A frame by its parts.
    public init(truths: [IdentifiedBox], results: [IdentifiedBox]) {
        self.truths = truths
        self.results = results
    }
}

/// A sequence with identities numbered from zero and all overlaps worked out.
struct PairedSequence {
    /// One frame: identities by place, and the overlap of every pair.
    struct Frame {
        var truths: [Int]
        var results: [Int]
        /// Row by row: one row for each truth.
        var overlaps: [Double]

        func overlap(_ truth: Int, _ result: Int) -> Double {
            overlaps[truth * results.count + result]
        }
    }

    private(set) var frames: [Frame] = []
    /// Number of frames in which each true identity is.
    private(set) var truthLengths: [Int] = []
    /// Number of frames in which each identity of the tracker is.
    private(set) var resultLengths: [Int] = []

    var truthCount: Int { truthLengths.reduce(0, +) }
    var resultCount: Int { resultLengths.reduce(0, +) }

    init(_ source: [TrackingFrame]) {
        var truthNumbers: [Int: Int] = [:]
        var resultNumbers: [Int: Int] = [:]
        for frame in source {
            let truths = frame.truths.map {
                Self.number($0.id, in: &truthNumbers, counting: &truthLengths)
            }
            let results = frame.results.map {
                Self.number($0.id, in: &resultNumbers, counting: &resultLengths)
            }
            precondition(
                Set(truths).count == truths.count && Set(results).count == results.count,
                "an identity is in a frame once at most")
            let overlaps = frame.truths.flatMap { truth in
                frame.results.map { Self.overlap(truth, $0) }
            }
            frames.append(Frame(truths: truths, results: results, overlaps: overlaps))
        }
    }

    private static func number(
        _ id: Int, in numbers: inout [Int: Int], counting lengths: inout [Int]
    ) -> Int {
        let number = numbers[id] ?? lengths.count
        if number == lengths.count {
            numbers[id] = number
            lengths.append(0)
        }
        lengths[number] += 1
        return number
    }

    private static func overlap(_ truth: IdentifiedBox, _ result: IdentifiedBox) -> Double {
        if let wanted = truth.classIndex, let given = result.classIndex, wanted != given {
            return 0
        }
        return DoubleBox(truth.box).overlap(DoubleBox(result.box))
    }
}

/// A table of numbers by true identity and identity of the tracker.
struct IdentityTable {
    let columns: Int
    private var values: [Double]

    init(rows: Int, columns: Int) {
        self.columns = columns
        values = Array(repeating: 0, count: rows * columns)
    }

    subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }
}

extension Assignment {
    /// Chooses pairs so that the weights sum to the most; pairs of no weight are left out.
    mutating func solve(rows: Int, columns: Int, weight: (Int, Int) -> Double) {
        reset(rows: rows, columns: columns)
        for row in 0..<rows {
            for column in 0..<columns {
                let weight = weight(row, column)
                if weight > 0 { self[row, column] = -weight }
            }
        }
        solve(limit: 0)
    }
}

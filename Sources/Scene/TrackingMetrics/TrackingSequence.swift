/// Box with an identity, of the ground truth or of a tracker.
public struct IdentifiedBox: Hashable, Sendable {
    /// Identity; unique within a frame.
    public var id: Int
    /// Index into the list of classes; nil matches any class.
    public var classIndex: Int?
    /// Bounding box, in pixels.
    public var box: Box

    /// Creates a box from its parts.
    public init(id: Int, classIndex: Int? = nil, box: Box) {
        self.id = id
        self.classIndex = classIndex
        self.box = box
    }

    /// Converts a tracked object, detected or predicted.
    public init(_ object: TrackedObject) {
        self.init(id: object.id, classIndex: object.classIndex, box: object.box)
    }
}

/// Ground truth and tracker output of one frame.
public struct TrackingFrame: Hashable, Sendable {
    /// Ground-truth boxes.
    public var truths: [IdentifiedBox]
    /// Boxes of the tracker.
    public var results: [IdentifiedBox]

    /// Creates a frame from its parts.
    public init(truths: [IdentifiedBox], results: [IdentifiedBox]) {
        self.truths = truths
        self.results = results
    }
}

/// Sequence with identities renumbered from zero and all overlaps computed.
struct PairedSequence {
    /// One frame: identities of both sides and the overlap of every pair.
    struct Frame {
        var truths: [Int]
        var results: [Int]
        /// Overlaps in row-major order, one row for each ground-truth box.
        var overlaps: [Double]

        func overlap(_ truth: Int, _ result: Int) -> Double {
            overlaps[truth * results.count + result]
        }
    }

    private(set) var frames: [Frame] = []
    /// Number of frames of each ground-truth identity.
    private(set) var truthLengths: [Int] = []
    /// Number of frames of each identity of the tracker.
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

/// Matrix of numbers by ground-truth identity and tracker identity.
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
    /// Finds the assignment of maximum total weight; pairs of zero weight are forbidden.
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

internal import Flow
internal import Scene

/// Detectors that share the pictures, with everything put back into its order behind them.
///
/// The next item goes to the detector with the least to do. Which one that is depends on the moment; what comes out
/// does not, since all compute the same.
struct OrderedDetection: ~Copyable {
    private let lanes: [DetectorWorker]
    private let most: Int
    /// The lanes of what is inside, oldest first, in a circle; true for pictures.
    private var inside: [(lane: Int, isFrame: Bool)]
    private var first = 0
    private var count = 0
    private var frames = 0

    /// Packets between pictures are many and small.
    private static let capacity = 64

    init(_ settings: DetectionContext, _ threads: DetectorThreads, recorder: StageRecorder) throws {
        lanes = try (0..<threads.detectors).map { _ in
            try DetectorWorker(
                settings, threads: threads.each, capacity: Self.capacity, recorder: recorder)
        }
        most = threads.pictures
        inside = Array(repeating: (0, false), count: Self.capacity)
    }

    /// True when nothing is inside.
    var isEmpty: Bool { count == 0 }

    /// True when the oldest must be taken before another is sent.
    var isFull: Bool { frames >= most || count >= Self.capacity }

    /// Sends an item to the lane with the least to do.
    mutating func send(_ item: consuming PipelineItem, isDue: Bool, time: Double) {
        precondition(!isFull, "the oldest order must be taken first")
        let lane = lanes.indices.min { lanes[$0].undone < lanes[$1].undone } ?? 0
        inside[(first + count) % Self.capacity] = (lane, item.isFrame)
        count += 1
        if item.isFrame { frames += 1 }
        lanes[lane].send(item, isDue: isDue, time: time, lane: lane)
    }

    /// Waits for the oldest item, looked at if it was due.
    ///
    /// - Throws: What made a detector fail.
    mutating func takeOldest() throws -> DetectionRequest {
        precondition(!isEmpty, "nothing is inside")
        let (lane, isFrame) = inside[first]
        first = (first + 1) % Self.capacity
        count -= 1
        if isFrame { frames -= 1 }
        return try lanes[lane].receive()
    }

    /// Takes the storage of detections back.
    func reuse(_ seen: consuming [Detection], lane: Int) { lanes[lane].reuse(seen) }
}

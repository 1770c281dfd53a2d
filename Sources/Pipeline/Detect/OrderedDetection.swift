internal import Flow
internal import Scene
internal import Video

/// Detectors that work in parallel on successive frames, with the order of the source restored.
///
/// A frame that is due goes to the worker with the smallest load. Packets, and frames that are not
/// due, wait in place. The choice of the worker depends on timing; the results do not, since all
/// detectors compute the same.
struct OrderedDetection: ~Copyable {
    /// One item of the source, in order.
    enum Pending: ~Copyable, Sendable {
        /// A packet, or a frame that is not due.
        case ready(PipelineItem)
        /// A due frame, which a worker has.
        case inFlight(worker: Int)
    }

    /// The oldest item with its detections.
    struct Result: ~Copyable {
        var item: PipelineItem
        /// Detections, best first; nil for packets and for frames that were not due.
        let detections: [Detection]?
    }

    private let workers: [DetectorWorker]
    /// Items in order; a ring, although one thread has both ends, since arrays hold no noncopyable items.
    private var pending = Ring<Pending>(capacity: Self.capacity)
    private let frameLimit: Int
    private var count = 0
    private var frames = 0
    /// Storage for detections of later frames.
    private var spares: [[Detection]] = []

    /// Limit of items that wait: packets between two frames are many and small.
    private static let capacity = 64

    init(
        _ context: DetectionContext, _ threads: DetectorThreads, recorder: StepRecorder
    ) throws {
        let limit = threads.frameLimit
        workers = try (0..<threads.detectors).map { _ in
            try DetectorWorker(
                context, threads: threads.threadsEach, capacity: Self.capacity, recorder: recorder)
        }
        frameLimit = limit
    }

    /// True when nothing waits.
    var isEmpty: Bool { count == 0 }

    /// True when the oldest item must be taken before another is added.
    var isFull: Bool { frames >= frameLimit || count >= Self.capacity }

    /// Adds an item; a due frame is sent to a worker.
    mutating func add(_ item: consuming PipelineItem, isDue: Bool) {
        precondition(!isFull, "the oldest item must be taken first")
        count += 1
        let source = item.source
        switch consume item.media {
        case .packet(let packet):
            enqueue(.ready(PipelineItem(source: source, media: .packet(packet))))
        case .frame(let frame):
            frames += 1
            guard isDue else {
                return enqueue(.ready(PipelineItem(source: source, media: .frame(frame))))
            }
            let worker = workers.indices.min { workers[$0].load < workers[$1].load } ?? 0
            workers[worker].send(
                DetectionRequest(
                    source: source, frame: frame, detections: spares.popLast() ?? []))
            enqueue(.inFlight(worker: worker))
        }
    }

    /// Takes the oldest item out, after waiting for its detections if it was due; nil when nothing waits.
    ///
    /// - Throws: The error that ended a worker.
    mutating func takeOldest() throws -> Result? {
        guard case .element(let oldest) = pending.consumer.pop() else { return nil }
        count -= 1
        switch consume oldest {
        case .ready(let item):
            if item.isFrame { frames -= 1 }
            return Result(item: item, detections: nil)
        case .inFlight(let worker):
            frames -= 1
            let answer = try workers[worker].receive()
            let detections = answer.detections
            return Result(
                item: PipelineItem(source: answer.source, media: .frame(answer.frame)),
                detections: detections)
        }
    }

    /// Takes the storage of detections back.
    mutating func reuse(_ detections: consuming [Detection]) { spares.append(detections) }

    private mutating func enqueue(_ item: consuming Pending) {
        guard case .accepted = pending.producer.push(item) else {
            preconditionFailure("a ring that is not full refused an item")
        }
    }
}

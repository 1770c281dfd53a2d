internal import Flow
internal import Scene
internal import Synchronization
internal import Video

/// A picture or packet on its way through a lane.
struct DetectionRequest: ~Copyable, Sendable {
    var item: PipelineItem
    /// Whether the detector is to look at it.
    let isDue: Bool
    /// Seconds as a player shows them.
    let time: Double
    /// Which lane it takes.
    let lane: Int
    /// What was seen, best first; its storage is reused from order to order.
    var seen: [Detection]
}

/// A detector on a thread of its own: orders come out as they went in, those that are due looked at.
final class DetectorWorker {
    private var orders: Sender<DetectionRequest>?
    private var looked: Receiver<DetectionRequest>?
    private var worker: Worker<Void, any Error>?
    private var spares: [[Detection]] = []
    private let work = Work()

    /// How many orders the thread has before it.
    private final class Work: Sendable {
        let undone = Atomic(0)
    }

    /// Orders that were sent and not yet carried out.
    var undone: Int { work.undone.load(ordering: .relaxed) }

    /// Starts the thread, which prepares its detector there.
    ///
    /// Up to `capacity` orders, a power of two, may be inside before sending waits. The thread gives way to an encoder.
    ///
    /// - Throws: An error when the system refuses another thread.
    init(
        _ settings: DetectionContext, threads: Int, capacity: Int, recorder: StageRecorder
    ) throws {
        let inward = Channel<DetectionRequest>(.everyFrame, capacity: capacity)
        let outward = Channel<DetectionRequest>(.everyFrame, capacity: capacity)
        let input = TransferBox(inward.receiver)
        let output = TransferBox(outward.sender)
        let work = work
        orders = .some(inward.sender)
        looked = .some(outward.receiver)
        worker = try Worker<Void, any Error>(name: "detect") { () throws(any Error) in
            var receiver = input.take()
            var sender = output.take()
            if settings.draws { giveWayToLaterStages() }
            var detector = try FrameDetector(settings, threads: threads)
            while var order = receiver.receive() {
                if order.isDue { detector.carryOut(&order, recorder) }
                work.undone.subtract(1, ordering: .relaxed)
                if case .closed = sender.send(order) { return }
            }
        }
    }

    /// The thread is joined last, after both ends that it may wait at are gone.
    deinit {
        orders = nil
        looked = nil
        worker = nil
    }

    /// Gives the lane an item.
    func send(_ item: consuming PipelineItem, isDue: Bool, time: Double, lane: Int) {
        let order = DetectionRequest(
            item: item, isDue: isDue, time: time, lane: lane, seen: spares.popLast() ?? [])
        work.undone.add(1, ordering: .relaxed)
        // A lane that is gone has failed, and says so when its next order is asked for.
        _ = orders?.send(order)
    }

    /// Waits for the oldest order.
    ///
    /// - Throws: What ended the thread before it was done.
    func receive() throws -> DetectionRequest {
        if let order = looked?.receive() { return order }
        try worker?.join()
        throw RunError(.failed, "A detector ended before its pictures did.")
    }

    /// Takes the storage of detections back for a later order.
    func reuse(_ seen: [Detection]) { spares.append(seen) }
}

extension FrameDetector {
    /// Looks at the picture of an order.
    fileprivate mutating func carryOut(_ order: inout DetectionRequest, _ recorder: StageRecorder) {
        look(at: order.item.media, recorder)
        order.seen.removeAll(keepingCapacity: true)
        order.seen.append(contentsOf: detections)
    }
}

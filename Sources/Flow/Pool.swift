import Synchronization

/// Thread pool that splits loops statically, with a barrier that costs microseconds.
///
/// The calling thread takes part as worker 0; a pool of one thread simply runs the loop. The split
/// is static: worker `w` of `n` always gets the same part of the same count. Idle workers spin for
/// a fraction of a millisecond and then sleep.
///
/// One loop runs at a time. A call from inside a loop, or while another thread uses the pool, runs
/// on the calling thread alone.
public final class Pool: Sendable {
    /// Body of a loop: gets the context and its part, `lower..<upper`.
    public typealias Body =
        @convention(c) (_ context: UnsafeMutableRawPointer?, _ lower: Int, _ upper: Int) -> Void

    /// Default number of checks by idle workers before they sleep: about 100 microseconds.
    ///
    /// The loops of one frame follow each other within that time, short serial steps between them
    /// included. Waking a sleeping worker costs more than such a step.
    public static let usualSpins = 1 << 16

    /// Number of threads, the caller's included.
    public let threads: Int
    private let barrier: PoolBarrier
    private let workers: [Worker<Void, Never>]

    /// Creates a pool.
    ///
    /// - Parameters:
    ///   - threads: Number of threads, the caller's included; at least one.
    ///   - name: Prefix of the threads' names, `name-1`, `name-2`, ….
    ///   - spins: Number of checks by idle workers before they sleep.
    /// - Throws: ``WorkerError`` when the system refuses a thread; none is left behind.
    public init(
        threads: Int, name: String = "pool", spins: Int = Pool.usualSpins
    ) throws(WorkerError) {
        precondition(threads >= 1, "a pool without threads")
        let barrier = PoolBarrier(threads: threads, spins: spins)
        var workers: [Worker<Void, Never>] = []
        do {
            for slot in 1..<max(threads, 1) {
                workers.append(
                    try Worker<Void, Never>(name: "\(name)-\(slot)") { barrier.work(slot: slot) })
            }
        } catch {
            barrier.stop()
            throw error
        }
        self.threads = threads
        self.barrier = barrier
        self.workers = workers
    }

    deinit {
        barrier.stop()
    }

    /// Runs `body` over parts that together make up `0..<count`, and returns when all are done.
    ///
    /// Nothing is allocated. Writes of the body are visible to the caller afterwards.
    ///
    /// - Parameters:
    ///   - count: Number of steps; 0 does nothing.
    ///   - context: Passed to the body unchanged; must stay valid until this returns.
    ///   - body: Called at most once per thread, with a non-empty part.
    @unsafe
    public func run(count: Int, context: UnsafeMutableRawPointer?, body: Body) {
        precondition(count >= 0, "a negative count")
        guard count > 0 else { return }
        guard threads > 1, count > 1, barrier.tryEnter() else {
            return unsafe body(context, 0, count)
        }
        unsafe barrier.run(PoolJob(body: body, context: context, count: count, threads: threads))
        barrier.leave()
    }

    /// Calls `body` with parts that together make up `0..<count`, and returns when all are done.
    ///
    /// Allocates one small object per call; loops inside a frame use ``run(count:context:body:)``.
    public func split(count: Int, _ body: @Sendable (Range<Int>) -> Void) {
        withoutActuallyEscaping(body) { body in
            var loop = ClosureLoop(body: body)
            // SAFETY: `loop` outlives the call, which returns only when every part is done.
            unsafe withUnsafeMutablePointer(to: &loop) { loop in
                unsafe run(count: count, context: UnsafeMutableRawPointer(loop)) {
                    context, lower, upper in
                    unsafe context?.assumingMemoryBound(to: ClosureLoop.self)
                        .pointee.body(lower..<upper)
                }
            }
        }
    }

    /// Calls `body` once for each of `0..<count`, and returns when all are done.
    ///
    /// Allocates one small object per call, as ``split(count:_:)`` does.
    public func parallel(count: Int, _ body: @Sendable (Int) -> Void) {
        split(count: count) { part in
            for index in part { body(index) }
        }
    }
}

/// A loop's closure, at an address.
private struct ClosureLoop {
    let body: @Sendable (Range<Int>) -> Void
}

/// One loop.
@unsafe
struct PoolJob {
    let body: Pool.Body
    let context: UnsafeMutableRawPointer?
    let count: Int
    /// Number of threads that take part: never more than there are steps.
    let parts: Int

    init(body: Pool.Body, context: UnsafeMutableRawPointer?, count: Int, threads: Int) {
        unsafe self.body = unsafe body
        unsafe self.context = unsafe context
        unsafe self.count = count
        unsafe parts = min(threads, count)
    }

    /// Runs one worker's part.
    func run(part: Int) {
        let range = unsafe splitRange(count: count, part: part, of: parts)
        unsafe body(context, range.lowerBound, range.upperBound)
    }
}

/// Part of `0..<count` for one of several workers; parts differ by at most one step.
func splitRange(count: Int, part: Int, of parts: Int) -> Range<Int> {
    let size = count / parts
    let longer = count % parts
    let lower = part * size + min(part, longer)
    return lower..<lower + size + (part < longer ? 1 : 0)
}

/// Mailbox of one worker.
///
/// SAFETY of `@unchecked Sendable`: `job` is the only unsynchronised state. The caller writes it while the worker
/// waits, before the releasing count of a new order. The worker reads it after the acquiring load of that order and
/// before its releasing decrement of the barrier's `unfinished`. The caller waits for this decrement before it writes
/// again.
@safe
private final class WorkerSlot: @unchecked Sendable {
    /// Number of orders; negative stops the worker.
    let orders = Atomic(0)
    /// Current loop, stored beside the count so that one cache line usually holds both.
    var job: PoolJob?
    private let padding = InlineArray<16, Int>(repeating: 0)
    let parker: Parker

    init(spins: Int) { parker = Parker(spins: spins) }

    func order(_ job: PoolJob) {
        unsafe self.job = unsafe job
        orders.wrappingAdd(1, ordering: .releasing)
        parker.wake()
    }
}

/// Barrier between the pool's caller and its workers.
final class PoolBarrier: Sendable {
    private let slots: [WorkerSlot]
    private let unfinished = CachePaddedAtomic(0)
    private let isEntered = Atomic(false)
    private let caller: Parker

    init(threads: Int, spins: Int) {
        slots = (0..<threads).map { _ in WorkerSlot(spins: spins) }
        caller = Parker(spins: spins)
    }

    /// Enters the barrier for one loop; false while another loop runs.
    func tryEnter() -> Bool {
        !isEntered.exchange(true, ordering: .acquiringAndReleasing)
    }

    func leave() {
        isEntered.store(false, ordering: .releasing)
    }

    /// Runs a loop on as many threads as it has parts; the caller runs part 0.
    func run(_ job: PoolJob) {
        let parts = unsafe job.parts
        unfinished.value.store(parts - 1, ordering: .relaxed)
        for part in 1..<parts { unsafe slots[part].order(job) }
        unsafe job.run(part: 0)
        caller.wait { unfinished.value.load(ordering: .acquiring) == 0 }
    }

    /// Body of a worker's thread: runs parts until stopped.
    func work(slot number: Int) {
        let slot = slots[number]
        var done = 0
        while true {
            slot.parker.wait { slot.orders.load(ordering: .acquiring) != done }
            guard slot.orders.load(ordering: .relaxed) > done else { return }
            done += 1
            unsafe slot.job?.run(part: number)
            let left = unfinished.value.wrappingSubtract(1, ordering: .acquiringAndReleasing)
            if left.newValue == 0 { caller.wake() }
        }
    }

    /// Stops all workers.
    func stop() {
        for slot in slots {
            slot.orders.store(-1, ordering: .releasing)
            slot.parker.wake()
        }
    }
}

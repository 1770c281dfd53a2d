internal import Flow
internal import Synchronization

/// The threads of a run that write to disks: their end is waited for, but not for ever, since a disk may hang.
final class DiskThreads: Sendable {
    private let workers = Lock<[Worker<Void, Never>]>([])
    private let busy = Atomic(0)

    /// Nanoseconds that the end of a run waits for a disk that does not answer.
    private static let patience: UInt64 = 1_500_000_000
    /// Threads that a dead disk holds: waiting for them would be waiting for it.
    private static let leftBehind = Lock<[Worker<Void, Never>]>([])

    /// Starts one.
    func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(WorkerError) {
        busy.wrappingAdd(1, ordering: .relaxed)
        do throws(WorkerError) {
            let worker = try Worker<Void, Never>(name: name) { [self] in
                body()
                busy.wrappingSubtract(1, ordering: .acquiringAndReleasing)
            }
            workers.withLock { $0.append(worker) }
        } catch {
            busy.wrappingSubtract(1, ordering: .relaxed)
            throw error
        }
    }

    /// Waits until all have ended, as they were asked to, or the disk has had its time; false for the latter.
    func finish() -> Bool {
        let clock = MonotonicClock.system
        let end = clock.now + Self.patience
        let pause = Parker(spins: 0)
        while busy.load(ordering: .acquiring) > 0, clock.now < end {
            pause.wait(deadline: clock.now + 5_000_000) { false }
        }
        let all = workers.withLock { workers in
            defer { workers = [] }
            return workers
        }
        guard busy.load(ordering: .acquiring) == 0 else {
            Self.leftBehind.withLock { $0 += all }
            return false
        }
        for worker in all { worker.join() }
        return true
    }
}

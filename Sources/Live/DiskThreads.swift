internal import Flow
internal import Synchronization

/// Threads of a run that write to disks.
///
/// The end of a run waits for them only so long, since a disk may hang.
final class DiskThreads: Sendable {
    private let workers = Lock<[Worker<Void, Never>]>([])
    private let running = Atomic(0)
    private let ended = Parker(spins: 0)

    /// Longest wait at the end of a run, in nanoseconds.
    private static let timeout: UInt64 = 1_500_000_000
    /// Threads held by a dead disk; keeping them here keeps them from being joined.
    private static let abandoned = Lock<[Worker<Void, Never>]>([])

    /// Starts a thread.
    func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(WorkerError) {
        running.wrappingAdd(1, ordering: .relaxed)
        do throws(WorkerError) {
            let worker = try Worker<Void, Never>(name: name) { [self] in
                body()
                running.wrappingSubtract(1, ordering: .acquiringAndReleasing)
                ended.wake()
            }
            workers.withLock { $0.append(worker) }
        } catch {
            running.wrappingSubtract(1, ordering: .relaxed)
            throw error
        }
    }

    /// Waits until all threads have ended; false when the timeout passes first.
    func finish() -> Bool {
        let hasEnded = ended.wait(deadline: MonotonicClock.system.now + Self.timeout) {
            running.load(ordering: .acquiring) == 0
        }
        let all = workers.withLock { workers in
            defer { workers = [] }
            return workers
        }
        if hasEnded {
            for worker in all { worker.join() }
        } else {
            Self.abandoned.withLock { $0 += all }
        }
        return hasEnded
    }
}

internal import Flow
internal import Foundation
internal import Pipeline
internal import Synchronization

/// The threads that record: one a camera, and one that removes what is not to be kept.
final class RecordingCrew: Sendable {
    private let folder: RecordingFolder
    private let recorders: [Recorder]
    private let console: Console
    private let workers = Lock<[Worker<Void, Never>]>([])
    private let busy = Atomic(0)
    private let isClosed = Atomic(false)
    private let bell = Parker(spins: 0)

    /// Nanoseconds from one look at what is to be removed to the next.
    private static let interval: UInt64 = 5_000_000_000
    /// Nanoseconds that the end of a run waits for a disk that does not answer.
    private static let patience: UInt64 = 1_500_000_000
    /// Threads that a dead disk holds: waiting for them would be waiting for it.
    private static let leftBehind = Lock<[Worker<Void, Never>]>([])

    init(_ folder: RecordingFolder, _ recorders: [Recorder], console: Console) {
        self.folder = folder
        self.recorders = recorders
        self.console = console
    }

    /// Begins to record whatever comes.
    ///
    /// - Throws: A `WorkerError` when the system refuses threads, a `RunError` for a font that cannot be used.
    func start() throws {
        for recorder in recorders {
            // The font is tried here, where somebody still listens.
            _ = try RecorderLoop(recorder, console: console)
            let console = console
            try begin("record-\(recorder.camera.name)") {
                guard var loop = try? RecorderLoop(recorder, console: console) else { return }
                loop.run()
            }
        }
        let worker = try Worker<Void, Never>(name: "retention") { [self] in prune() }
        workers.withLock { $0.append(worker) }
    }

    private func begin(_ name: String, _ body: @escaping @Sendable () -> Void) throws(WorkerError) {
        busy.wrappingAdd(1, ordering: .relaxed)
        let worker = try Worker<Void, Never>(name: name) { [self] in
            body()
            busy.wrappingSubtract(1, ordering: .acquiringAndReleasing)
        }
        workers.withLock { $0.append(worker) }
    }

    /// Nothing more will come: files are finished from here on.
    func close() { recorders.forEach { $0.queue.close() } }

    /// Waits until all files are finished, or the disk has had its time.
    func finish() {
        close()
        isClosed.store(true, ordering: .releasing)
        bell.wake()
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
            console.complain(
                "Recordings could not be finished in time; they stay under their growing names.")
            return Self.leftBehind.withLock { $0 += all }
        }
        for worker in all { worker.join() }
    }

    private func prune() {
        while !isClosed.load(ordering: .acquiring) {
            folder.prune(now: Date().timeIntervalSince1970)
            bell.wait(deadline: MonotonicClock.system.now + Self.interval) {
                isClosed.load(ordering: .acquiring)
            }
        }
    }
}

internal import Configuration
internal import Flow
internal import Foundation
internal import Pipeline
internal import Synchronization

/// Recording threads: one per camera, and one that removes old recordings.
final class RecorderThreads: Sendable {
    private let folder: RecordingFolder
    private let recorders: [Recorder]
    private let console: Console
    private let isClosed = Atomic(false)
    private let parker = Parker(spins: 0)

    /// Nanoseconds between two removals of old recordings.
    private static let interval: UInt64 = 5_000_000_000

    init(_ folder: RecordingFolder, _ recorders: [Recorder], console: Console) {
        self.folder = folder
        self.recorders = recorders
        self.console = console
    }

    /// Starts all threads.
    ///
    /// - Throws: A `WorkerError` when the system refuses threads, a `RunError` for a font that cannot be used.
    func start(_ disks: DiskThreads) throws {
        for recorder in recorders {
            // Opens the font here as well, where an error can be thrown.
            _ = try RecorderLoop(recorder, console: console)
            let console = console
            try disks.start("record-\(recorder.camera.name)") {
                guard var loop = try? RecorderLoop(recorder, console: console) else { return }
                loop.run()
            }
        }
        try disks.start("retention") { [self] in prune() }
    }

    /// Closes the queues; the threads finish their files and end.
    func close() {
        recorders.forEach { $0.queue.close() }
        isClosed.store(true, ordering: .releasing)
        parker.wake()
    }

    private func prune() {
        while !isClosed.load(ordering: .acquiring) {
            folder.prune(now: Date().timeIntervalSince1970)
            parker.wait(deadline: MonotonicClock.system.now + Self.interval) {
                isClosed.load(ordering: .acquiring)
            }
        }
    }
}

internal import Configuration
internal import Flow
internal import Foundation
internal import Pipeline
internal import Synchronization

/// The threads that record: one a camera, and one that removes what is not to be kept.
final class RecorderThreads: Sendable {
    private let folder: RecordingFolder
    private let recorders: [Recorder]
    private let console: Console
    private let isClosed = Atomic(false)
    private let bell = Parker(spins: 0)

    /// Nanoseconds from one look at what is to be removed to the next.
    private static let interval: UInt64 = 5_000_000_000

    init(_ folder: RecordingFolder, _ recorders: [Recorder], console: Console) {
        self.folder = folder
        self.recorders = recorders
        self.console = console
    }

    /// Begins to record whatever comes.
    ///
    /// - Throws: A `WorkerError` when the system refuses threads, a `RunError` for a font that cannot be used.
    func start(_ disks: DiskThreads) throws {
        for recorder in recorders {
            // The font is tried here, where somebody still listens.
            _ = try RecorderLoop(recorder, console: console)
            let console = console
            try disks.start("record-\(recorder.camera.name)") {
                guard var loop = try? RecorderLoop(recorder, console: console) else { return }
                loop.run()
            }
        }
        try disks.start("retention") { [self] in prune() }
    }

    /// Nothing more will come: files are finished from here on.
    func close() {
        recorders.forEach { $0.queue.close() }
        isClosed.store(true, ordering: .releasing)
        bell.wake()
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

internal import Configuration
internal import Flow
internal import Pipeline
internal import Publishing
internal import Synchronization

extension LiveRun {
    /// Opens the outputs of events, so that errors show before the run, and starts their thread.
    func startEventWriter(_ disks: DiskThreads) throws {
        let outputs = try EventOutputs(description.events)
        let (eventQueue, command, console) = (eventQueue, command, console)
        let (publisher, width) = (publisher, description.mqtt.snapshotWidth)
        try disks.start("events") { [self] in
            var writer = EventWriter(outputs, command: command, console: console)
            writer.relay = publisher.map { EventRelay($0, snapshotWidth: width) }
            writer.store = store.map { StoreRelay($0.writer) }
            if description.wantsThumbnails { writer.thumbnails = ThumbnailMaker(thumbnails) }
            eventQueue.run(&writer)
        }
    }

    /// Opens the files of counts, so that errors show before the run, and starts their thread.
    func startCountsWriter(_ disks: DiskThreads) throws {
        guard description.counts.isWanted else { return }
        let writer = try CountsWriter(description.counts, cameras: cameras, console: console)
        try disks.start("counts") { [self] in
            var writer = writer
            let parker = Parker(spins: 0)
            writer.run(
                waiting: {
                    parker.wait(deadline: MonotonicClock.system.now + 1_000_000_000) {
                        self.isFinished.load(ordering: .acquiring)
                    }
                },
                isOver: { self.isFinished.load(ordering: .acquiring) })
        }
    }
}

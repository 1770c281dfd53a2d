public import Configuration
public import Flow
internal import Foundation
public import Pipeline
internal import Publishing
internal import Synchronization
internal import Video

/// Run over all cameras of one description, until its time is over or a stop is requested.
///
/// A lost camera affects no other; it is tried again for as long as the run lasts.
public final class LiveRun: Sendable {
    private let description: LiveDescription
    private let cameras: [Camera]
    private let addresses: [CameraAddress]
    private let recorderThreads: RecorderThreads?
    private let console: Console
    private let stop: StopSignal
    private let eventQueue: EventQueue
    private let command: EventCommand?
    /// Publisher of states and events; nil without a broker and a webhook.
    let publisher: EventPublisher?
    private let pageAddress: PageAddress?
    private let previewScheduler: FairScheduler<PreviewFrame>
    private let isOver = Atomic(false)
    /// True when all events are known.
    private let isFinished = Atomic(false)
    /// True when all events are in the queues of the publisher.
    private let isPublished = Atomic(false)

    /// Loads the models and finds the credentials, so that most errors show before the run.
    ///
    /// - Parameters:
    ///   - description: Cameras, events, recordings and page.
    ///   - environment: Environment variables by name, among which credentials and the page's token may be.
    ///   - console: Receives messages for people.
    ///   - stop: Ends the run.
    /// - Throws: A `RunError` for anything wrong with the description.
    public init(
        _ description: LiveDescription, environment: [String: String] = [:], console: Console,
        stop: StopSignal
    ) throws(RunError) {
        self.description = description
        self.console = console
        self.stop = stop
        let folder = try RecordingFolder(description, console: console)
        addresses = try Self.addresses(description.cameras, environment)
        cameras = try Self.cameras(description, folder)
        recorderThreads = folder.map { [cameras] folder in
            RecorderThreads(folder, cameras.compactMap(\.recorder), console: console)
        }
        try DetectorPool.check(cameras)
        publisher = try EventPublisher(
            description, cameras: cameras, environment: environment, console: console)
        command = description.events.command.map {
            EventCommand($0, withholding: description.secretVariables)
        }
        pageAddress =
            description.page.address == nil
            ? nil : try PageAddress(description.page, environment: environment)
        previewScheduler = FairScheduler(weights: cameras.map { _ in 1 }, consumers: 1)
        eventQueue = EventQueue(wantsFrames: true, of: description.kindsWithFrames)
    }

    private static func addresses(
        _ cameras: [CameraDescription], _ environment: [String: String]
    ) throws(RunError) -> [CameraAddress] {
        var addresses: [CameraAddress] = []
        for camera in cameras {
            addresses.append(try CameraAddress(camera, environment: environment))
        }
        return addresses
    }

    private static func cameras(
        _ description: LiveDescription, _ folder: RecordingFolder?
    ) throws(RunError) -> [Camera] {
        var cameras: [Camera] = []
        var models = ModelCache()
        for camera in description.cameras {
            let context = try models.context(of: camera, overlay: description.overlay)
            let chosen = try ClassSelection(
                description.events.classes, among: context.classNames)
            _ = try ClassSelection(description.clips.classes, among: context.classNames)
            let recorder = folder.map { Recorder(camera, description, context, folder: $0) }
            cameras.append(
                Camera(
                    camera, context, eventClasses: chosen.isWanted, index: cameras.count,
                    counts: description.counts, recorder: recorder))
        }
        return cameras
    }

    /// Status of each camera, in the order of the description.
    public var statuses: [CameraStatus] { cameras.map(\.status) }

    /// Recorders of the cameras.
    var recorders: [Recorder] { cameras.compactMap(\.recorder) }

    /// Watches the cameras until the end of the run and returns the outcome.
    public func run() -> LiveReport {
        let start = MonotonicClock.system.now
        FreedMemory.limitArenas(processors: ProcessInfo.processInfo.activeProcessorCount)
        var failure: RunError?
        do {
            try watch(since: start)
        } catch let error as RunError {
            failure = error
        } catch {
            failure = RunError(.failed, "Watching: \(error)")
        }
        let seconds = Double(MonotonicClock.system.now - start) / 1e9
        return LiveReport(cameras: statuses, seconds: seconds, failure: failure)
    }

    private func watch(since start: UInt64) throws {
        let scheduler = FairScheduler<PendingFrame>(
            weights: cameras.map(\.description.weight), consumers: description.detectorCount)
        let disks = DiskThreads()
        let publishing = DiskThreads()
        try startEventWriter(disks)
        defer { finishWriting(disks, publishing) }
        for worker in publisher?.workers ?? [] {
            try publishing.start(worker.name) { [self] in
                worker.run { self.isPublished.load(ordering: .acquiring) }
            }
        }
        try startCountsWriter(disks)
        try recorderThreads?.start(disks)
        let previewThread = try previewThread()
        defer {
            previewScheduler.close()
            previewThread.join()
        }
        let page = try page()
        defer { page?.stop() }
        let detectors = try DetectorPool(
            description.detectorCount, cameras: cameras, scheduler: scheduler,
            eventQueue: eventQueue)
        defer {
            // Detectors of an open scheduler never end.
            scheduler.close()
            withExtendedLifetime(detectors) {}
        }
        try readCameras(scheduler, since: start)
        recorderThreads?.close()
        scheduler.close { cameras[$0.source].ledger.countTracked() }
        try detectors.join()
        for camera in cameras { camera.finish().forEach { eventQueue.post($0, of: camera) } }
    }

    /// Reads all cameras on threads of their own until the end of the run.
    private func readCameras(
        _ scheduler: FairScheduler<PendingFrame>, since start: UInt64
    ) throws {
        var readers: [Worker<Void, Never>] = []
        defer {
            isOver.store(true, ordering: .releasing)
            for reader in readers { reader.join() }
        }
        for (camera, address) in zip(cameras, addresses) {
            readers.append(try reader(camera, address.source, scheduler))
            if let recorder = camera.recorder, let main = address.main {
                readers.append(try mainStreamReader(recorder, main))
            }
        }
        waitForTheEnd(since: start)
    }

    /// Finishes recordings and events, and prints what went wrong with them.
    private func finishWriting(_ disks: DiskThreads, _ publishing: DiskThreads) {
        recorderThreads?.close()
        eventQueue.close()
        isFinished.store(true, ordering: .releasing)
        if !disks.finish() { console.error(Self.diskTimeout) }
        isPublished.store(true, ordering: .releasing)
        // A broker that does not answer is left alone: what it lacks is in the queue.
        _ = publishing.finish()
        command?.finish()
        let warnings = eventQueue.warnings + (command?.warnings ?? [])
        for warning in warnings + (publisher?.warnings ?? []) { console.error(warning) }
    }

    private static let diskTimeout =
        "The disk did not answer in time: recordings keep their .partial names, and the last events "
        + "may be missing."

    /// Starts the thread that draws for the page; it sleeps while the page has no viewers.
    private func previewThread() throws(WorkerError) -> Worker<Void, Never> {
        try Worker<Void, Never>(name: "preview") { [cameras, previewScheduler, console] in
            do throws(RunError) {
                try PreviewRenderer(cameras, scheduler: previewScheduler).run()
            } catch {
                console.error("Drawing for the page: \(error.message)")
            }
        }
    }

    private func page() throws(RunError) -> PageServer? {
        guard let pageAddress else { return nil }
        let handler = PageHandler(
            cameras: cameras, eventQueue: eventQueue, snapshots: description.events.snapshots,
            token: pageAddress.token, publisher: publisher)
        let server = try PageServer(pageAddress, handler: handler)
        console.info("The page is at \(server.url)")
        return server
    }

    /// Opens the outputs of events, so that errors show before the run, and starts their thread.
    private func startEventWriter(_ disks: DiskThreads) throws {
        let outputs = try EventOutputs(description.events)
        let (eventQueue, command, console) = (eventQueue, command, console)
        let (publisher, width) = (publisher, description.mqtt.snapshotWidth)
        try disks.start("events") {
            var writer = EventWriter(outputs, command: command, console: console)
            writer.relay = publisher.map { EventRelay($0, snapshotWidth: width) }
            eventQueue.run(&writer)
        }
    }

    /// Opens the files of counts, so that errors show before the run, and starts their thread.
    private func startCountsWriter(_ disks: DiskThreads) throws {
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

    private func reader(
        _ camera: Camera, _ address: String, _ scheduler: FairScheduler<PendingFrame>
    ) throws(WorkerError) -> Worker<Void, Never> {
        let (console, stop, eventQueue) = (console, stop, eventQueue)
        let previewScheduler = previewScheduler
        return try Worker<Void, Never>(name: "read-\(camera.description.name)") { [self] in
            var loop = ReadLoop(
                camera, address: address, scheduler: scheduler, previews: previewScheduler,
                eventQueue: eventQueue, console: console
            ) {
                stop.isRequested || self.isOver.load(ordering: .acquiring)
            }
            loop.run()
        }
    }

    private func mainStreamReader(
        _ recorder: Recorder, _ address: String
    ) throws(WorkerError) -> Worker<Void, Never> {
        let (console, stop) = (console, stop)
        return try Worker<Void, Never>(name: "main-\(recorder.camera.name)") { [self] in
            var loop = MainStreamReader(recorder, address: address, console: console) {
                stop.isRequested || self.isOver.load(ordering: .acquiring)
            }
            loop.run()
        }
    }

    /// Waits for the end of the run, samples rates every second and prints the status every ten.
    ///
    /// A signal handler cannot wake a thread, so the stop is checked ten times a second.
    private func waitForTheEnd(since start: UInt64) {
        let parker = Parker(spins: 0)
        let clock = MonotonicClock.system
        let end = description.duration.map { start + UInt64($0 * 1e9) }
        var tick = 0
        while !stop.isRequested && end.map({ clock.now < $0 }) ?? true {
            parker.wait(deadline: clock.now + 100_000_000) { stop.isRequested }
            tick += 1
            if tick % 10 == 0 { cameras.forEach { $0.sample() } }
            if tick % 100 == 0 { statuses.forEach { console.info($0.line) } }
        }
    }
}

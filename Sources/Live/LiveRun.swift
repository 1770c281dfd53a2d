public import Configuration
public import Flow
internal import Foundation
public import Pipeline
internal import Synchronization
internal import Tensors
internal import Video

/// All cameras of one description, watched at once until the time is over or somebody asks to stop.
///
/// A camera's death is that camera's affair: it is tried again for as long as the run lasts.
public final class LiveRun: Sendable {
    private let description: LiveDescription
    private let cameras: [Camera]
    private let addresses: [CameraAddress]
    private let crew: RecorderThreads?
    private let console: Console
    private let stop: StopSignal
    private let desk: EventLog
    private let command: EventCommand?
    private let pageAddress: PageAddress?
    private let canvases: FairScheduler<Canvas>
    private let isOver = Atomic(false)

    /// Loads the models and finds the credentials, so that most mistakes show before any work.
    ///
    /// - Throws: A `RunError` that says what is wrong with the description.
    public init(
        _ description: LiveDescription, console: Console, stop: StopSignal
    ) throws(RunError) {
        self.description = description
        self.console = console
        self.stop = stop
        var cameras: [Camera] = []
        var addresses: [CameraAddress] = []
        var models = ModelCache()
        let folder = try RecordingFolder(description, console: console)
        for camera in description.cameras {
            addresses.append(try CameraAddress(camera))
            let settings = try models.settings(of: camera, overlay: description.overlay)
            let chosen = try ClassSelection(
                description.events.classes, among: settings.classNames)
            _ = try ClassSelection(description.clips.classes, among: settings.classNames)
            let recorder = folder.map { Recorder(camera, description, settings, folder: $0) }
            cameras.append(
                Camera(
                    camera, settings, eventClasses: chosen.isWanted, seat: cameras.count,
                    recording: recorder))
        }
        self.cameras = cameras
        self.addresses = addresses
        crew = folder.map {
            RecorderThreads($0, cameras.compactMap(\.recording), console: console)
        }
        try DetectorPool.check(cameras)
        command = description.events.command.map { EventCommand($0) }
        pageAddress = description.page.address == nil ? nil : try PageAddress(description.page)
        canvases = FairScheduler(weights: cameras.map { _ in 1 }, takers: 1)
        desk = EventLog(wantsPictures: description.events.snapshots != nil)
    }

    /// What there is to say of each camera now, in the order of the description.
    public var statuses: [CameraStatus] { cameras.map(\.status) }

    /// What records the cameras.
    var recorders: [Recorder] { cameras.compactMap(\.recording) }

    /// Watches until the end and says what became of each camera.
    public func run() -> LiveReport {
        let start = MonotonicClock.system.now
        FreedMemory.share(among: ProcessInfo.processInfo.activeProcessorCount)
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
        let board = FairScheduler<PendingFrame>(
            weights: cameras.map(\.description.weight), takers: detectorCount)
        let disks = DiskThreads()
        try startEventWriter(disks)
        defer {
            crew?.close()
            desk.close()
            if !disks.finish() { console.error(Self.teardown) }
            command?.finish()
            for sentence in desk.troubles + (command?.troubles ?? []) { console.error(sentence) }
        }
        try crew?.start(disks)
        let painter = try painter()
        defer {
            canvases.close()
            painter.join()
        }
        let page = try page()
        defer { page?.stop() }
        let detectors = try DetectorPool(
            detectorCount, cameras: cameras, board: board, desk: desk)
        defer {
            // Those whose boards stay open never go home.
            board.close()
            withExtendedLifetime(detectors) {}
        }
        var readers: [Worker<Void, Never>] = []
        defer {
            isOver.store(true, ordering: .releasing)
            for reader in readers { reader.join() }
        }
        for (camera, address) in zip(cameras, addresses) {
            readers.append(try reader(camera, address.source, board))
            if let recorder = camera.recording, let main = address.main {
                readers.append(try mainReader(recorder, main))
            }
        }
        waitForTheEnd(since: start)
        isOver.store(true, ordering: .releasing)
        for reader in readers { reader.join() }
        crew?.close()
        board.close { cameras[$0.seat].ledger.countTracked() }
        try detectors.join()
        for camera in cameras { camera.finish().forEach { desk.post($0, of: camera) } }
    }

    /// The thread that draws for the page; it sleeps while nobody looks.
    private func painter() throws(WorkerError) -> Worker<Void, Never> {
        try Worker<Void, Never>(name: "paint") { [cameras, canvases, console] in
            do throws(RunError) {
                PreviewRenderer(try PreviewRenderer.easels(cameras), cameras, board: canvases).run()
            } catch {
                console.error("Drawing for the page: \(error.message)")
            }
        }
    }

    private func page() throws(RunError) -> PageServer? {
        guard let pageAddress else { return nil }
        let handler = PageHandler(
            cameras: cameras, desk: desk, snapshots: description.events.snapshots,
            token: pageAddress.token)
        let server = try PageServer(pageAddress, handler: handler)
        console.info("The page is at \(server.url)")
        return server
    }

    /// The thread that writes events down; that they can be written is known before anything is watched.
    private func startEventWriter(_ disks: DiskThreads) throws {
        let files = try EventFiles(description.events)
        let (desk, command, console) = (desk, command, console)
        try disks.start("events") {
            var writer = EventWriter(files, command: command, console: console)
            desk.run(&writer)
        }
    }

    private static let teardown =
        "The disk did not answer in time: recordings stay under their growing names, and the last "
        + "events may be missing."

    private var detectorCount: Int {
        description.detectors ?? ProcessInfo.processInfo.activeProcessorCount
    }

    private func reader(
        _ camera: Camera, _ address: String, _ board: FairScheduler<PendingFrame>
    ) throws(WorkerError) -> Worker<Void, Never> {
        let (console, stop, desk, canvases) = (console, stop, desk, canvases)
        return try Worker<Void, Never>(name: "read-\(camera.description.name)") { [self] in
            var loop = ReadLoop(
                camera, address: address, board: board, canvases: canvases, desk: desk,
                console: console
            ) {
                stop.isRequested || self.isOver.load(ordering: .acquiring)
            }
            loop.run()
        }
    }

    private func mainReader(
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

    /// Looks around ten times a second, takes samples every second, and says how things stand every ten.
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

/// Settings of cameras; each model is loaded once, however many cameras it serves.
private struct ModelCache {
    private var loaded: [String: DetectionContext] = [:]

    mutating func settings(
        of camera: CameraDescription, overlay: OverlayDescription
    ) throws(RunError) -> DetectionContext {
        var description = DetectDescription()
        description.model = camera.model
        description.model.threads = 1
        description.objects = camera.objects
        description.tracking = camera.tracking
        description.overlay = overlay
        let settings = try DetectionContext(description, model: loaded[camera.model.name]?.model)
        loaded[camera.model.name] = settings
        return settings
    }
}

internal import Flow
internal import Overlay
internal import Scene
internal import ThunderNet
internal import Video

/// The middle stage: finds, follows and draws; lives on one thread from birth to end.
struct AnalyseStage: ~Copyable {
    private let settings: AnalyseSettings
    private let state: LineState
    private let recorder: StageRecorder
    private var looker: Looker
    private var schedule: DetectionSchedule
    private var tracker: Tracker
    private var trails = Trails()
    private var overlay: OverlayRenderer
    private var rate = RateMeter()
    private var frames = 0

    init(
        _ settings: AnalyseSettings, state: LineState, recorder: StageRecorder
    ) throws {
        let looker = try Looker(settings)
        let overlay = try settings.makeOverlay()
        self.settings = settings
        self.state = state
        self.recorder = recorder
        self.looker = looker
        self.overlay = overlay
        schedule = DetectionSchedule(settings.description.tracking)
        tracker = Tracker(options: settings.trackerOptions)
    }

    /// Takes items until the line before it ends, handing each on when somebody listens.
    mutating func run(
        from receiver: inout Receiver<LineItem>, into sender: inout Sender<LineItem>
    ) throws {
        while let item = receiver.receive() {
            let handled = try handle(item)
            if case .closed = sender.send(handled) { return }
        }
    }

    /// Takes items until the line before it ends; nothing is written but results.
    mutating func run(from receiver: inout Receiver<LineItem>) throws {
        while let item = receiver.receive() { _ = try handle(item) }
    }

    private mutating func handle(_ item: consuming LineItem) throws -> LineItem {
        let number = item.source
        switch consume item.media {
        case .packet(let packet):
            return LineItem(source: number, media: .packet(packet))
        case .frame(var frame):
            try analyse(&frame, of: state.source(number))
            return LineItem(source: number, media: .frame(frame))
        }
    }

    private mutating func analyse(_ frame: inout Frame, of source: LineState.OpenedSource) throws {
        let time = source.offset + source.description.time(of: frame.timestamp)
        let isDue = schedule.isDue(at: time)
        if isDue {
            look(at: frame, time: time)
            state.ledger.countDetected()
        } else {
            recorder.measure(.track) { tracker.predict(at: time) }
            state.ledger.countTracked()
        }
        trails.record(tracker.objects, at: time)
        rate.note(at: MonotonicClock.system.now)
        try draw(on: &frame, of: source.description)
        try report(frame, at: time, of: source.description, wasDetected: isDue)
        state.position = time
        frames += 1
    }

    private mutating func look(at frame: borrowing Frame, time: Double) {
        looker.look(at: frame, recorder)
        let start = MonotonicClock.system.now
        tracker.update(
            looker.detections, at: time, pictureWidth: frame.width, pictureHeight: frame.height,
            mayStartTracks: !frame.isDamaged)
        recorder.record(.track, MonotonicClock.system.now - start)
    }

    private mutating func draw(
        on frame: inout Frame, of source: SourceDescription
    ) throws(VideoError) {
        guard settings.draws else { return }
        let start = MonotonicClock.system.now
        let readout = Readout(framesPerSecond: rate.recent)
        let aspect = Float(source.picture.sampleAspectRatio.value)
        try frame.withMutablePicture { picture in
            overlay.draw(
                tracker.objects, on: &picture, sampleAspect: aspect > 0 ? aspect : 1,
                readout: readout
            ) { object, line in
                for point in trails[object.id] { line.append(x: point.x, y: point.y) }
            }
        }
        recorder.record(.draw, MonotonicClock.system.now - start)
    }

    private mutating func report(
        _ frame: borrowing Frame, at time: Double, of source: SourceDescription, wasDetected: Bool
    ) throws(RunError) {
        guard !settings.results.isEmpty else { return }
        let result = FrameResult(
            source: source.name, frame: frames, pts: frame.timestamp.ticks, time: time,
            fate: wasDetected ? .detected : .tracked, isDamaged: frame.isDamaged,
            objects: tracker.objects)
        try settings.shelf.write(
            result, PictureSize(width: frame.width, height: frame.height), to: settings.results)
    }
}

internal import Flow
internal import Overlay
internal import Scene
internal import ThunderNet
internal import Video

/// The middle stage: finds, follows and draws; lives on one thread from birth to end, beside those of its detectors.
struct AnalyseStage: ~Copyable {
    private let settings: AnalyseSettings
    private let state: LineState
    private let recorder: StageRecorder
    /// The one detector that works on this thread, or nil where there are lanes.
    private var looker: Looker?
    /// Detectors on threads of their own.
    private var lanes: LookerLanes?
    private var schedule: DetectionSchedule
    private var tracker: Tracker
    private var trails = Trails()
    /// Nil where nobody sees what is drawn: results alone need no font.
    private var overlay: OverlayRenderer?
    private var rate = RateMeter()
    private var frames = 0

    init(
        _ settings: AnalyseSettings, state: LineState, recorder: StageRecorder
    ) throws {
        let threads = settings.detectorThreads
        let isAlone = threads.detectors == 1
        let looker = isAlone ? try Looker(settings, threads: threads.each) : nil
        let lanes = isAlone ? nil : try LookerLanes(settings, threads, recorder: recorder)
        let overlay = settings.draws ? try settings.makeOverlay() : nil
        self.settings = settings
        self.state = state
        self.recorder = recorder
        self.looker = looker
        self.lanes = lanes
        self.overlay = overlay
        schedule = DetectionSchedule(settings.description.tracking)
        tracker = Tracker(options: settings.trackerOptions)
    }

    /// Takes items until the line before it ends, handing each on when somebody listens.
    mutating func run(
        from receiver: inout Receiver<LineItem>, into sender: inout Sender<LineItem>
    ) throws {
        try run(from: &receiver) { item in
            if case .closed = sender.send(item) { false } else { true }
        }
    }

    /// Takes items until the line before it ends; nothing is written but results.
    mutating func run(from receiver: inout Receiver<LineItem>) throws {
        try run(from: &receiver) { _ in true }
    }

    /// Takes items until the line before it ends or `handOn` says that nobody listens.
    private mutating func run(
        from receiver: inout Receiver<LineItem>, handOn: (consuming LineItem) -> Bool
    ) throws {
        while let item = receiver.receive() {
            let (isDue, time) = judge(item)
            guard lanes != nil else {
                guard handOn(try analyse(item, isDue: isDue, time: time)) else { return }
                continue
            }
            lanes?.send(item, isDue: isDue, time: time)
            while lanes?.isFull == true {
                guard try finishOldest(handOn) else { return }
            }
        }
        while lanes?.isEmpty == false {
            guard try finishOldest(handOn) else { return }
        }
    }

    /// Whether the detector is to look at an item, and when it is shown; packets are never looked at.
    private mutating func judge(_ item: borrowing LineItem) -> (isDue: Bool, time: Double) {
        let source = state.source(item.source)
        guard let stamp = item.media.stampOfPicture() else { return (false, 0) }
        let time = source.offset + source.description.time(of: stamp)
        return (schedule.isDue(at: time), time)
    }

    /// The oldest item of the lanes through what is left to do; false when nobody listens any more.
    private mutating func finishOldest(_ handOn: (consuming LineItem) -> Bool) throws -> Bool {
        guard let order = try lanes?.takeOldest() else { return false }
        let (isDue, time, lane, seen) = (order.isDue, order.time, order.lane, order.seen)
        let finished = try finish(order.item, isDue ? seen : nil, at: time)
        lanes?.reuse(seen, lane: lane)
        return handOn(finished)
    }

    /// One item through everything on this thread.
    private mutating func analyse(
        _ item: consuming LineItem, isDue: Bool, time: Double
    ) throws -> LineItem {
        if isDue { looker?.look(at: item.media, recorder) }
        return try finish(item, isDue ? looker?.detections : nil, at: time)
    }

    /// An item that was looked at, if it was due, through the rest.
    private mutating func finish(
        _ item: consuming LineItem, _ seen: [Detection]?, at time: Double
    ) throws -> LineItem {
        let number = item.source
        switch consume item.media {
        case .packet(let packet):
            return LineItem(source: number, media: .packet(packet))
        case .frame(var frame):
            try follow(&frame, seen, at: time, of: state.source(number))
            return LineItem(source: number, media: .frame(frame))
        }
    }

    /// Tracks, draws and reports; `seen` is nil where the detector did not look.
    private mutating func follow(
        _ frame: inout Frame, _ seen: [Detection]?, at time: Double,
        of source: LineState.OpenedSource
    ) throws {
        if let seen {
            recorder.measure(.track) {
                tracker.update(
                    seen, at: time, pictureWidth: frame.width, pictureHeight: frame.height,
                    mayStartTracks: !frame.isBroken)
            }
            state.ledger.countDetected()
        } else {
            recorder.measure(.track) { tracker.predict(at: time) }
            state.ledger.countTracked()
        }
        trails.record(tracker.objects, at: time)
        rate.note(at: MonotonicClock.system.now)
        try draw(on: &frame, of: source.description)
        try report(frame, at: time, of: source.description, wasDetected: seen != nil)
        state.position = time
        frames += 1
    }

    private mutating func draw(
        on frame: inout Frame, of source: SourceDescription
    ) throws(VideoError) {
        guard overlay != nil else { return }
        let start = MonotonicClock.system.now
        let readout = Readout(framesPerSecond: rate.recent)
        let aspect = Float(source.picture.sampleAspectRatio.value)
        try frame.withMutablePicture { picture in
            overlay?.draw(
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

extension MediaItem {
    /// When a picture is shown, on its stream's clock; nil for what is no picture.
    fileprivate borrowing func stampOfPicture() -> Timestamp? {
        switch self {
        case .frame(let frame): frame.timestamp
        case .packet: nil
        }
    }
}

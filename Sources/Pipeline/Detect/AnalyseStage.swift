internal import Configuration
internal import Flow
internal import Overlay
internal import Scene
internal import ThunderNet
internal import Video

/// The middle stage: finds, follows and draws; lives on one thread from birth to end, beside those of its detectors.
struct AnalyseStage: ~Copyable {
    private let settings: DetectionContext
    private let state: PipelineState
    private let recorder: StageRecorder
    /// The one detector that works on this thread, or nil where there are lanes.
    private var detector: FrameDetector?
    /// Detectors on threads of their own.
    private var lanes: OrderedDetection?
    private var schedule: DetectionSchedule
    private var tracker: Tracker
    private var trails = Trails()
    /// Nil where nobody sees what is drawn: results alone need no font.
    private var overlay: OverlayRenderer?
    private var rate = RateMeter()
    private var frames = 0

    init(
        _ settings: DetectionContext, state: PipelineState, recorder: StageRecorder
    ) throws {
        let threads = settings.detectorThreads
        let isAlone = threads.detectors == 1
        let detector = isAlone ? try FrameDetector(settings, threads: threads.each) : nil
        let lanes = isAlone ? nil : try OrderedDetection(settings, threads, recorder: recorder)
        let overlay = settings.draws ? try settings.makeOverlay() : nil
        self.settings = settings
        self.state = state
        self.recorder = recorder
        self.detector = detector
        self.lanes = lanes
        self.overlay = overlay
        schedule = DetectionSchedule(settings.description.tracking)
        tracker = Tracker(options: settings.trackerOptions)
    }

    /// Takes items until the line before it ends, handing each on when somebody listens.
    mutating func run(
        from receiver: inout Receiver<PipelineItem>, into sender: inout Sender<PipelineItem>
    ) throws {
        try run(from: &receiver) { item in
            if case .closed = sender.send(item) { false } else { true }
        }
    }

    /// Takes items until the line before it ends; nothing is written but results.
    mutating func run(from receiver: inout Receiver<PipelineItem>) throws {
        try run(from: &receiver) { _ in true }
    }

    /// Takes items until the line before it ends or `handOn` says that nobody listens.
    private mutating func run(
        from receiver: inout Receiver<PipelineItem>, handOn: (consuming PipelineItem) -> Bool
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
    private mutating func judge(_ item: borrowing PipelineItem) -> (isDue: Bool, time: Double) {
        let source = state.source(item.source)
        guard let stamp = item.media.frameTimestamp() else { return (false, 0) }
        let time = source.offset + source.description.time(of: stamp)
        return (schedule.isDue(at: time), time)
    }

    /// The oldest item of the lanes through what is left to do; false when nobody listens any more.
    private mutating func finishOldest(_ handOn: (consuming PipelineItem) -> Bool) throws -> Bool {
        guard let order = try lanes?.takeOldest() else { return false }
        let (isDue, time, lane, seen) = (order.isDue, order.time, order.lane, order.seen)
        let finished = try finish(order.item, isDue ? seen : nil, at: time)
        lanes?.reuse(seen, lane: lane)
        return handOn(finished)
    }

    /// One item through everything on this thread.
    private mutating func analyse(
        _ item: consuming PipelineItem, isDue: Bool, time: Double
    ) throws -> PipelineItem {
        if isDue { detector?.look(at: item.media, recorder) }
        return try finish(item, isDue ? detector?.detections : nil, at: time)
    }

    /// An item that was looked at, if it was due, through the rest.
    private mutating func finish(
        _ item: consuming PipelineItem, _ seen: [Detection]?, at time: Double
    ) throws -> PipelineItem {
        let number = item.source
        switch consume item.media {
        case .packet(let packet):
            return PipelineItem(source: number, media: .packet(packet))
        case .frame(var frame):
            try follow(&frame, seen, at: time, of: state.source(number))
            return PipelineItem(source: number, media: .frame(frame))
        }
    }

    /// Tracks, draws and reports; `seen` is nil where the detector did not look.
    private mutating func follow(
        _ frame: inout Frame, _ seen: [Detection]?, at time: Double,
        of source: PipelineState.OpenedSource
    ) throws {
        if let seen {
            recorder.measure(.track) {
                tracker.update(
                    seen, at: time, frameWidth: frame.width, frameHeight: frame.height,
                    mayStartTracks: !frame.isCorrupt)
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
        let aspect = Float(source.video.sampleAspectRatio.value)
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
    fileprivate borrowing func frameTimestamp() -> Timestamp? {
        switch self {
        case .frame(let frame): frame.timestamp
        case .packet: nil
        }
    }
}

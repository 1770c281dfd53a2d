internal import Configuration
internal import Flow
internal import Overlay
internal import Scene
internal import ThunderNet
internal import Video

/// The middle stage of the pipeline: detects, tracks, draws and writes results.
///
/// It stays on one thread; a recording's detectors have their own threads.
struct AnalyseStage: ~Copyable {
    private let context: DetectionContext
    private let state: PipelineState
    private let recorder: StepRecorder
    /// The detector of this thread; nil where detectors have their own threads.
    private var detector: FrameDetector?
    /// Detectors on their own threads; nil for a single one.
    private var ordered: OrderedDetection?
    private var schedule: DetectionSchedule
    private var tracker: Tracker
    private var trails = Trails()
    /// Nil for a run that writes results only, which needs no font.
    private var overlay: OverlayRenderer?
    private var rate = RateMeter()
    /// Nil for a run without zones, lines and events.
    private var counter: SceneCounter?
    /// Objects of the present frame.
    private var objects: [TrackedObject] = []
    private var frames = 0

    init(
        _ context: DetectionContext, schedule: DetectionSchedule, state: PipelineState,
        recorder: StepRecorder
    ) throws {
        let threads = context.detectorThreads
        let isAlone = threads.detectors == 1
        let detector = isAlone ? try FrameDetector(context, threads: threads.threadsEach) : nil
        let ordered = isAlone ? nil : try OrderedDetection(context, threads, recorder: recorder)
        let overlay = context.draws ? try context.makeOverlay() : nil
        self.context = context
        self.schedule = schedule
        self.state = state
        self.recorder = recorder
        self.detector = detector
        self.ordered = ordered
        self.overlay = overlay
        tracker = Tracker(options: context.trackerOptions)
        counter = context.counts ? SceneCounter(context) : nil
    }

    /// Processes items until the stage before ends or the one behind has gone.
    mutating func run(
        from receiver: inout Receiver<PipelineItem>, into sender: inout Sender<PipelineItem>
    ) throws {
        try run(from: &receiver) { item in
            if case .closed = sender.send(item) { false } else { true }
        }
    }

    /// Processes items until the stage before ends; only results are written.
    mutating func run(from receiver: inout Receiver<PipelineItem>) throws {
        try run(from: &receiver) { _ in true }
    }

    /// Processes items until the stage before ends or `handOn` returns false: its receiver has gone.
    private mutating func run(
        from receiver: inout Receiver<PipelineItem>, handOn: (consuming PipelineItem) -> Bool
    ) throws {
        while let item = receiver.receive() {
            let isDue = isDue(item)
            guard ordered != nil else {
                guard handOn(try analyse(item, isDue: isDue)) else { return }
                continue
            }
            ordered?.add(item, isDue: isDue)
            while ordered?.isFull == true {
                guard try finishOldest(handOn) else { return }
            }
        }
        while ordered?.isEmpty == false {
            guard try finishOldest(handOn) else { return }
        }
        if let summary = try counter?.finish() { state.summary = summary }
    }

    /// True for a frame on which the schedule detects; packets are never due.
    private mutating func isDue(_ item: borrowing PipelineItem) -> Bool {
        guard let timestamp = item.media.frameTimestamp() else { return false }
        return schedule.isDue(at: state.source(item.source).time(of: timestamp))
    }

    /// Finishes the oldest item of several detectors; false when the receiver has gone.
    private mutating func finishOldest(_ handOn: (consuming PipelineItem) -> Bool) throws -> Bool {
        guard let oldest = try ordered?.takeOldest() else { return false }
        let detections = oldest.detections
        let finished = try finish(oldest.item, detections)
        if let detections { ordered?.reuse(detections) }
        return handOn(finished)
    }

    /// Detects on this thread and finishes the item.
    private mutating func analyse(
        _ item: consuming PipelineItem, isDue: Bool
    ) throws -> PipelineItem {
        if isDue { detect(in: item.media) }
        return try finish(item, isDue ? detector?.detections : nil)
    }

    private mutating func detect(in item: borrowing MediaItem) {
        switch item {
        case .frame(let frame): detector?.detect(frame, recorder: recorder)
        case .packet: break
        }
    }

    /// Tracks, draws and reports a frame; packets pass unchanged.
    ///
    /// `detections` is nil for a frame on which nothing was detected because it was not due.
    private mutating func finish(
        _ item: consuming PipelineItem, _ detections: [Detection]?
    ) throws -> PipelineItem {
        let number = item.source
        switch consume item.media {
        case .packet(let packet):
            return PipelineItem(source: number, media: .packet(packet))
        case .frame(var frame):
            try follow(&frame, detections, of: state.source(number))
            return PipelineItem(source: number, media: .frame(frame))
        }
    }

    private mutating func follow(
        _ frame: inout Frame, _ detections: [Detection]?, of source: PipelineState.OpenedSource
    ) throws {
        let time = source.time(of: frame.timestamp)
        track(frame, detections, at: time)
        objects = tracker.objects
        try count(frame, at: time, of: source.description)
        trails.record(objects, at: time)
        rate.record(at: MonotonicClock.system.now)
        try draw(on: &frame, of: source.description)
        try report(frame, at: time, of: source.description, wasDetected: detections != nil)
        state.position = time
        frames += 1
    }

    private mutating func track(
        _ frame: borrowing Frame, _ detections: [Detection]?, at time: Double
    ) {
        if let detections {
            recorder.measure(.track) {
                tracker.update(
                    detections, at: time, frameWidth: frame.width, frameHeight: frame.height,
                    mayStartTracks: !frame.isCorrupt)
            }
            state.ledger.countDetected()
        } else {
            recorder.measure(.track) { tracker.predict(at: time) }
            state.ledger.countTracked()
        }
    }

    private mutating func count(
        _ frame: borrowing Frame, at time: Double, of source: SourceDescription
    ) throws {
        guard counter != nil else { return }
        if frames == 0 { try counter?.begin(frame, of: source) }
        let moment = SceneCounter.Moment(
            time: time, frame: frames, width: frame.width, height: frame.height,
            source: source.name)
        try counter?.follow(&objects, moment)
    }

    private mutating func draw(
        on frame: inout Frame, of source: SourceDescription
    ) throws(VideoError) {
        guard overlay != nil else { return }
        let start = MonotonicClock.system.now
        let readout = Readout(framesPerSecond: rate.recent)
        let aspect = Float(source.video.sampleAspectRatio.value)
        let shapes = counter?.shapes(frame) ?? []
        try frame.withMutablePicture { picture in
            overlay?.draw(
                objects, on: &picture, sampleAspect: aspect > 0 ? aspect : 1,
                readout: readout, shapes: shapes
            ) { object, line in
                for point in trails[object.id] { line.append(x: point.x, y: point.y) }
            }
        }
        recorder.record(.draw, MonotonicClock.system.now - start)
    }

    private mutating func report(
        _ frame: borrowing Frame, at time: Double, of source: SourceDescription, wasDetected: Bool
    ) throws(RunError) {
        guard !context.results.isEmpty else { return }
        let result = FrameResult(
            source: source.name, frame: frames, pts: frame.timestamp.ticks, time: time,
            fate: wasDetected ? .detected : .tracked, isDamaged: frame.isDamaged,
            objects: objects)
        try context.writers.write(
            result, PictureSize(width: frame.width, height: frame.height), to: context.results)
    }
}

extension MediaItem {
    /// Timestamp of a frame on its stream's clock; nil for a packet.
    borrowing func frameTimestamp() -> Timestamp? {
        switch self {
        case .frame(let frame): frame.timestamp
        case .packet: nil
        }
    }
}

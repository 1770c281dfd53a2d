internal import Configuration
internal import Flow
internal import Glibc
internal import Pipeline
internal import Scene
internal import Video

/// Body of a camera's thread: reads, predicts tracks, and offers frames to the detectors.
///
/// It never waits for a detector: a frame that no detector has taken is replaced by the next.
struct ReadLoop: ~Copyable {
    private let camera: Camera
    private let scheduler: FairScheduler<PendingFrame>
    private let previews: FairScheduler<PreviewFrame>
    private let eventQueue: EventQueue
    private let console: Console
    /// Recorder of the packets read here; nil without one, or when it records a second address.
    private let recorder: Recorder?
    private let stop: @Sendable () -> Bool
    private var reader: CameraReader
    private var schedule: DetectionSchedule
    private var loadShedder = LoadShedder()
    private var pacer: Pacer?
    private var connection = 0
    /// Nanoseconds of decoding for the next frame so far.
    private var decoding: UInt64 = 0
    private var lastError: String?
    private var lostAt: UInt64?

    init(
        _ camera: Camera, address: String, scheduler: FairScheduler<PendingFrame>,
        previews: FairScheduler<PreviewFrame>, eventQueue: EventQueue, console: Console,
        stop: @escaping @Sendable () -> Bool
    ) {
        self.camera = camera
        self.scheduler = scheduler
        self.previews = previews
        self.eventQueue = eventQueue
        self.console = console
        self.stop = stop
        recorder = camera.recorder.flatMap { $0.hasMainStream ? nil : $0 }
        var options = ReaderOptions(camera.description.connection)
        if let recorder {
            options.videoOutput = .framesAndPackets
            options.packetKinds = recorder.record.audio ? [.audio] : []
        }
        reader = CameraReader(address, options: options, stop: stop)
        schedule = DetectionSchedule(camera.description.tracking)
    }

    /// Reads until a stop is requested.
    mutating func run() {
        while !stop() {
            let start = MonotonicClock.system.now
            let waited = reader.waited
            do throws(VideoError) {
                switch try reader.next() {
                case .connected(let description, let outage): connected(description, outage)
                case .lost(let loss): lost(loss)
                case .item(.packet(let packet)):
                    // The packet's frame was decoded before the packet was returned.
                    decoding += busy(since: start, waited)
                    recorder?.receive(packet)
                case .item(.frame(let frame)):
                    camera.stepTimes.record(.decode, decoding + busy(since: start, waited))
                    decoding = 0
                    handle(frame)
                }
            } catch {
                // A camera's reader throws only when a stop was requested.
                return
            }
        }
    }

    /// Nanoseconds since `start` that were not spent waiting for bytes.
    private func busy(since start: UInt64, _ waited: Double) -> UInt64 {
        let spent = MonotonicClock.system.now - start
        return spent - min(UInt64(max(reader.waited - waited, 0) * 1e9), spent)
    }

    private mutating func connected(
        _ source: SourceDescription, _ outage: CameraReader.Outage
    ) {
        let (number, events) = camera.connect(after: outage.seconds)
        connection = number
        decoding = 0
        for event in events { eventQueue.post(event, of: camera) }
        recorder?.connected(source)
        loadShedder.restart()
        let address = camera.description.source
        // A recording that is played as a camera is read faster than real time.
        let comesInBursts =
            source.format == "hls"
            || !SourceList.isLive(address)
                && (source.statedDuration != nil || !SourceList.isAddress(address))
        pacer = comesInBursts ? Pacer() : nil
        let (video, transport) = (source.video, reader.transport)
        let codec = source.streams[source.videoStream].codec
        camera.update { status in
            status.transport = transport
            status.codec = codec
            (status.width, status.height) = (video.width, video.height)
            status.connections += 1
        }
        let after =
            connection == 1 ? "" : " after \(DecimalText.text(outage.seconds, decimals: 1)) s"
        console.info(
            "\(camera.description.name): connected\(after), \(codec) "
                + "\(video.width)x\(video.height)")
        lastError = nil
        lostAt = nil
        // Memory freed by earlier connections is fragmented and would grow over months.
        FreedMemory.giveBack()
    }

    private mutating func lost(_ loss: CameraReader.Loss) {
        let (losses, report) = (reader.losses, reader.report)
        let reason = redacted(loss.error.message)
        recorder?.disconnected(reason)
        camera.update { status in
            status.state = .lost
            status.reason = reason
            status.retry = loss.wait
            status.losses = losses
            status.report = report
        }
        // Objects unseen longer than the tracker's memory end now, even if the camera returns.
        let now = MonotonicClock.system.now
        let begun = lostAt ?? now
        lostAt = begun
        for event in camera.advanceOutage(to: Double(now - begun) / 1e9) {
            eventQueue.post(event, of: camera)
        }
        // The same reason at every attempt would fill a log overnight.
        guard lastError != loss.error.message else { return }
        lastError = loss.error.message
        console.info("\(camera.description.name): lost; \(loss.error.message)")
    }

    private mutating func handle(_ frame: consuming Frame) {
        camera.ledger.countDecoded()
        pace(frame)
        let time = frame.timestamp.seconds
        let start = MonotonicClock.system.now
        let objects = camera.predict(at: time, arrival: frame.arrival)
        camera.stepTimes.record(.track, MonotonicClock.system.now - start)
        reportWatching()
        if let recorder = camera.recorder {
            if recorder.wantsFrames {
                let shapes = camera.shapes(frameWidth: frame.width, frameHeight: frame.height)
                recorder.shapes.withLock { $0 = shapes }
            }
            recorder.receive(frame, objects)
        }
        offerPreview(frame, objects)
        guard schedule.isDue(at: time) else { return camera.ledger.countTracked() }
        offer(PendingFrame(frame: frame, time: time, connection: connection))
    }

    /// Offers a frame to the page's renderer while the page has viewers.
    private func offerPreview(_ frame: borrowing Frame, _ objects: [TrackedObject]) {
        guard camera.preview.startDrawing(now: MonotonicClock.system.now),
            let copy = try? frame.shared()
        else { return }
        let shapes = camera.shapes(frameWidth: frame.width, frameHeight: frame.height)
        _ = previews.put(
            PreviewFrame(frame: copy, objects: objects, shapes: shapes), source: camera.index)
    }

    /// Offers a frame to the detectors; a frame that it supersedes was tracked without detection.
    private func offer(_ pending: consuming PendingFrame) {
        switch scheduler.put(pending, source: camera.index) {
        case .sent: break
        case .replaced:
            camera.ledger.countTracked()
            camera.update { $0.superseded += 1 }
        case .closed: camera.ledger.countTracked()
        }
    }

    private mutating func reportWatching() {
        let now = Double(MonotonicClock.system.now) / 1e9
        let hasChanged = pacer == nil && loadShedder.update(waited: reader.waited, now: now)
        if hasChanged {
            reader.decoderSkip = loadShedder.decoderSkip
            console.info("\(camera.description.name): \(Self.message(loadShedder.decoderSkip))")
        }
        let (decoderSkip, report) = (loadShedder.decoderSkip, reader.report)
        camera.update { status in
            status.state = .watching
            (status.reason, status.retry) = (nil, nil)
            status.decoderSkip = decoderSkip
            status.report = report
        }
    }

    private static func message(_ decoderSkip: DecoderSkip) -> String {
        switch decoderSkip {
        case .none: "all frames are decoded again"
        case .nonReference:
            "decoding cannot keep up: non-reference frames are skipped"
        case .nonKey: "decoding cannot keep up: only key frames are decoded"
        }
    }

    private mutating func pace(_ frame: borrowing Frame) {
        let now = Double(MonotonicClock.system.now) / 1e9
        var left = pacer?.wait(timestamp: frame.timestamp.seconds, now: now) ?? 0
        while left > 0 && !stop() {
            usleep(UInt32(min(left, 0.1) * 1e6))
            left -= 0.1
        }
    }
}

extension ReaderOptions {
    /// Options for a camera's connection, from its description.
    init(_ connection: ConnectionDescription) {
        self.init()
        transports = connection.transport.candidates
        deadlines.open = connection.open
        deadlines.firstFrame = connection.firstFrame
        deadlines.betweenPackets = connection.silence
        measuresRate = false
        follow = Follow(rawValue: connection.follow.rawValue) ?? .sameHost
    }
}

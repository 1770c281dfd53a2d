internal import Configuration
internal import Flow
internal import Glibc
internal import Pipeline
internal import Scene
internal import Tensors
internal import Video

/// What a camera's thread does: reads, moves the tracks on, and offers pictures to the detectors.
///
/// It never waits for a detector: what nobody has taken yet is replaced by the newer picture.
struct ReadLoop: ~Copyable {
    private let camera: Camera
    private let board: FairScheduler<PendingFrame>
    private let canvases: FairScheduler<Canvas>
    private let desk: EventLog
    private let console: Console
    /// The recorder that gets the packets that are read here.
    private let feeds: Recorder?
    private let stop: @Sendable () -> Bool
    private var reader: CameraReader
    private var schedule: DetectionSchedule
    private var loadShedder = LoadShedder()
    private var pacer: Pacer?
    private var connection = 0
    /// Nanoseconds that the next picture has taken so far.
    private var decoding: UInt64 = 0
    private var complaint: String?
    private var lostAt: UInt64?

    init(
        _ camera: Camera, address: String, board: FairScheduler<PendingFrame>,
        canvases: FairScheduler<Canvas>, desk: EventLog, console: Console,
        stop: @escaping @Sendable () -> Bool
    ) {
        self.camera = camera
        self.board = board
        self.canvases = canvases
        self.desk = desk
        self.console = console
        self.stop = stop
        feeds = camera.recording.flatMap { $0.hasMainStream ? nil : $0 }
        var options = ReaderOptions(camera.description.connection)
        if let feeds {
            options.pictures = .decodedAndCopied
            options.packetKinds = feeds.record.audio ? [.audio] : []
        }
        reader = CameraReader(address, options: options, stop: stop)
        schedule = DetectionSchedule(camera.description.tracking)
    }

    /// Runs until it is asked to stop.
    mutating func run() {
        while !stop() {
            let start = MonotonicClock.system.now
            let waited = reader.waited
            do throws(VideoError) {
                switch try reader.next() {
                case .connected(let description, let outage): connected(description, outage)
                case .lost(let loss): lost(loss)
                case .item(.packet(let packet)):
                    // It was decoded before it was handed out.
                    decoding += busy(since: start, waited)
                    feeds?.take(packet)
                case .item(.frame(let frame)):
                    camera.recorder.record(.decode, decoding + busy(since: start, waited))
                    decoding = 0
                    handle(frame)
                }
            } catch {
                // The one error that a camera's reader throws is that it was asked to stop.
                return
            }
        }
    }

    /// Nanoseconds since a moment that were not spent waiting for bytes.
    private func busy(since start: UInt64, _ waited: Double) -> UInt64 {
        let spent = MonotonicClock.system.now - start
        return spent - min(UInt64(max(reader.waited - waited, 0) * 1e9), spent)
    }

    private mutating func connected(
        _ source: SourceDescription, _ outage: CameraReader.Outage
    ) {
        let (number, events) = camera.begin(after: outage.seconds)
        connection = number
        decoding = 0
        for event in events { desk.post(event, of: camera) }
        feeds?.begin(source)
        loadShedder.restart()
        let comesInBursts = source.format == "hls" || !SourceList.isLive(camera.description.source)
        pacer = comesInBursts ? Pacer() : nil
        let (picture, transport) = (source.picture, reader.transport)
        let codec = source.streams[source.videoStream].codec
        camera.update { status in
            status.transport = transport
            status.codec = codec
            (status.width, status.height) = (picture.width, picture.height)
            status.connections += 1
        }
        let after =
            connection == 1 ? "" : " after \(DecimalText.text(outage.seconds, decimals: 1)) s"
        console.info(
            "\(camera.description.name): connected\(after), \(codec) "
                + "\(picture.width)x\(picture.height)")
        complaint = nil
        lostAt = nil
        // What connections before it freed lies in pieces, which would become more over months.
        FreedMemory.giveBack()
    }

    private mutating func lost(_ loss: CameraReader.Loss) {
        let (losses, report) = (reader.losses, reader.report)
        let reason = redacted(loss.error.message)
        feeds?.lose(reason)
        camera.update { status in
            status.state = .lost
            status.reason = reason
            status.retry = loss.wait
            status.losses = losses
            status.report = report
        }
        // An object that is remembered no more has ended, whether its camera comes back or not.
        let now = MonotonicClock.system.now
        let begun = lostAt ?? now
        lostAt = begun
        for event in camera.wait(since: Double(now - begun) / 1e9) { desk.post(event, of: camera) }
        // The same reason again and again would fill a log over a night.
        guard complaint != loss.error.message else { return }
        complaint = loss.error.message
        console.info("\(camera.description.name): lost; \(loss.error.message)")
    }

    private mutating func handle(_ frame: consuming Frame) {
        camera.ledger.countDecoded()
        pace(frame)
        let time = frame.timestamp.seconds
        let start = MonotonicClock.system.now
        let objects = camera.follow(to: time, arrival: frame.arrival)
        camera.recorder.record(.track, MonotonicClock.system.now - start)
        noteWatching()
        camera.recording?.take(frame, objects)
        show(frame, objects)
        guard schedule.isDue(at: time) else { return camera.ledger.countTracked() }
        offer(PendingFrame(frame: frame, time: time, connection: connection))
    }

    /// Hands a picture to the painter when somebody looks at the page; one that it replaces is not missed.
    private func show(_ frame: borrowing Frame, _ objects: [TrackedObject]) {
        guard camera.display.wants(now: MonotonicClock.system.now),
            let copy = try? frame.shared()
        else { return }
        _ = canvases.put(Canvas(frame: copy, objects: objects), seat: camera.seat)
    }

    /// Puts a picture before the detectors; one that it replaces was followed and not looked at.
    private func offer(_ sight: consuming PendingFrame) {
        switch board.put(sight, seat: camera.seat) {
        case .put: break
        case .replaced:
            camera.ledger.countTracked()
            camera.update { $0.superseded += 1 }
        case .closed: camera.ledger.countTracked()
        }
    }

    private mutating func noteWatching() {
        let now = Double(MonotonicClock.system.now) / 1e9
        let hasChanged = pacer == nil && loadShedder.note(waited: reader.waited, now: now)
        if hasChanged {
            reader.decoderSkip = loadShedder.decoderSkip
            console.info("\(camera.description.name): \(Self.sentence(loadShedder.decoderSkip))")
        }
        let (decoderSkip, report) = (loadShedder.decoderSkip, reader.report)
        camera.update { status in
            status.state = .watching
            (status.reason, status.retry) = (nil, nil)
            status.decoderSkip = decoderSkip
            status.report = report
        }
    }

    private static func sentence(_ decoderSkip: DecoderSkip) -> String {
        switch decoderSkip {
        case .none: "every picture is decoded again"
        case .nonReference:
            "decoding cannot keep up; pictures that no other leans on are left out"
        case .nonKey: "decoding cannot keep up; only key frames are decoded"
        }
    }

    private mutating func pace(_ frame: borrowing Frame) {
        let now = Double(MonotonicClock.system.now) / 1e9
        var left = pacer?.wait(stamp: frame.timestamp.seconds, now: now) ?? 0
        while left > 0 && !stop() {
            usleep(UInt32(min(left, 0.1) * 1e6))
            left -= 0.1
        }
    }
}

extension ReaderOptions {
    /// How a camera is connected to, as a description says it.
    init(_ connection: ConnectionDescription) {
        self.init()
        transport = Transport(rawValue: connection.transport.rawValue) ?? .automatic
        deadlines.open = connection.open
        deadlines.firstFrame = connection.firstFrame
        deadlines.betweenPackets = connection.silence
        measuresRate = false
    }
}

internal import CFFmpeg
internal import Glibc

/// Reads a camera for as long as it is asked: connects, delivers, and connects again whenever it is lost.
///
/// The end of a live source is a loss like any other. Each connection has a decoder and a clock of its own: its
/// pictures carry the stamps of that connection. Opening and closing happen elsewhere, so that ``next()`` returns
/// within the deadlines of ``ReaderOptions`` whatever the network does. One thread owns the reader.
public struct CameraReader: ~Copyable, Sendable {
    /// What happens while a camera is read.
    public enum Event: ~Copyable, Sendable {
        /// The camera answers, for the first time or again; what follows comes from this connection.
        case connected(SourceDescription, Outage)
        /// A picture or packet.
        case item(MediaItem)
        /// The connection broke, or an attempt failed; the next one follows by itself.
        case lost(Loss)
    }

    /// How long nothing came before a connection.
    public struct Outage: Sendable, Hashable {
        /// Seconds since the loss, or since the first attempt.
        public var seconds: Double
        /// Connections that were attempted, the one that succeeded included.
        public var attempts: Int
    }

    /// Why nothing comes at present.
    public struct Loss: Sendable, Hashable {
        /// What went wrong, in words.
        public var error: VideoError
        /// Seconds until the next attempt.
        public var wait: Double
        /// A connection that had delivered pictures broke; false for a failed attempt.
        public var wasConnected: Bool
    }

    /// Clock, sleep and chance, so that tests need none of them.
    struct Environment: Sendable {
        /// Seconds on a clock that never goes back.
        var now: @Sendable () -> Double = { Double(av_gettime_relative()) / 1e6 }
        /// Waits that many seconds.
        var sleep: @Sendable (Double) -> Void = { usleep(UInt32($0 * 1e6)) }
        /// A number from 0 to 1.
        var chance: @Sendable () -> Double = { Double.random(in: 0...1) }
    }

    /// Connections that broke, failed attempts not counted.
    public private(set) var losses = 0
    /// The way of sending that is in use, or will be tried next; of interest for RTSP alone.
    public var transport: ReaderOptions.Transport { choice.current }

    private let source: String
    private let stop: @Sendable () -> Bool
    private let environment: Environment
    private let opener = ConnectionOpener()
    /// What every connection is opened with.
    var options: ReaderOptions
    private var policy = ReconnectPolicy()
    private var choice: TransportChoice
    private var connection: Connection?
    private var earlier = ReadReport()
    private var delay = 0.0
    private var lostAt: Double?
    private var attempts = 0
    private var hasDelivered = false

    /// A reader that connects when it is first asked.
    ///
    /// - Parameters:
    ///   - source: An address or a device.
    ///   - options: Deadlines, transport and the like; the source counts as live whatever it is.
    ///   - stop: Asked while waiting; once true, ``next()`` throws an error of kind ``VideoError/Kind/stopped``.
    public init(
        _ source: String, options: ReaderOptions = ReaderOptions(),
        stop: @escaping @Sendable () -> Bool = { false }
    ) {
        self.init(source, options: options, environment: Environment(), stop: stop)
    }

    init(
        _ source: String, options: ReaderOptions, environment: Environment,
        stop: @escaping @Sendable () -> Bool
    ) {
        self.source = source
        self.options = options
        self.options.isLive = true
        self.environment = environment
        self.stop = stop
        choice = TransportChoice(options.transport, for: source)
    }

    deinit {
        if let connection { opener.close(connection) }
    }

    /// What happened over all connections.
    public var report: ReadReport {
        guard let connection else { return earlier }
        return earlier.adding(connection.reader?.report ?? ReadReport())
    }

    /// Seconds that the present connection spent waiting for bytes; grows.
    public var waited: Double { connection?.reader?.waited ?? 0 }

    /// Which pictures the decoder leaves out, to keep up with the source.
    public var decoderSkip: DecoderSkip = .none {
        didSet { connection?.reader?.decoderSkip = decoderSkip }
    }

    /// Size and format of the delivered pictures, as far as they are known.
    var outputFormat: OutputFormat? { connection?.reader?.outputFormat }

    /// Ways of sending that are to be tried before a first failure is final.
    var transportCount: Int { choice.count }

    /// Delivers what happens next; never ends by itself.
    ///
    /// Throws only an error of kind ``VideoError/Kind/stopped``, when `stop` says so.
    public mutating func next() throws(VideoError) -> Event {
        guard let connection else { return try connect() }
        let failure: VideoError
        do throws(VideoError) {
            if let item = try connection.reader?.next() {
                noteDelivery(item)
                return .item(item)
            }
            failure = VideoError(.ended, "Reading \(redacted(source)): the source ended.")
        } catch {
            failure = error
        }
        return .lost(try lose(failure))
    }

    /// Ends the present connection, and waits at most so many seconds until the camera knows.
    mutating func disconnect(within seconds: Double) {
        guard let connection else { return }
        earlier = report
        self.connection = nil
        opener.close(connection)
        let end = environment.now() + seconds
        while opener.blockedCount > 0 && environment.now() < end { environment.sleep(0.01) }
    }

    private mutating func noteDelivery(_ item: borrowing MediaItem) {
        policy.delivered(at: environment.now())
        switch item {
        case .packet(let packet):
            guard options.videoOutput == .packets, packet.isKey,
                packet.stream == connection?.reader?.description.videoStream
            else { return }
            hasDelivered = true
            choice.delivered()
        case .frame:
            hasDelivered = true
            choice.delivered()
        }
    }

    private mutating func connect() throws(VideoError) -> Event {
        lostAt = lostAt ?? environment.now()
        try wait(delay)
        attempts += 1
        options.transport = choice.current
        var failure: VideoError?
        do throws(VideoError) {
            let opened = try opener.open(source, options, stop: stop)
            opened.reader?.decoderSkip = decoderSkip
            connection = opened
        } catch {
            failure = error
        }
        if let failure { return .lost(try lose(failure)) }
        guard let description = connection?.reader?.description else {
            preconditionFailure("a connection vanished")
        }
        let now = environment.now()
        policy.connected(at: now)
        let outage = Outage(seconds: now - (lostAt ?? now), attempts: attempts)
        attempts = 0
        lostAt = nil
        return .connected(description, outage)
    }

    /// Lets go of what broke and decides when to try again.
    private mutating func lose(_ error: VideoError) throws(VideoError) -> Loss {
        if error.kind == .stopped { throw error }
        if let broken = connection {
            losses += 1
            earlier = report
            lostAt = environment.now()
            connection = nil
            opener.close(broken)
        }
        choice.failed(error)
        delay = policy.lost(chance: environment.chance())
        let loss = Loss(error: error, wait: delay, wasConnected: hasDelivered)
        hasDelivered = false
        return loss
    }

    /// Sleeps in small steps, so that a stop is heard.
    private func wait(_ seconds: Double) throws(VideoError) {
        var left = seconds
        while left > 0 {
            if stop() {
                throw VideoError(.stopped, "Reading \(redacted(source)): stopped as asked.")
            }
            let step = min(left, 0.1)
            environment.sleep(step)
            left -= step
        }
    }
}

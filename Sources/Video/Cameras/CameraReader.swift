internal import CFFmpeg
internal import Glibc

/// Reader of a live source that reconnects after every loss.
///
/// The end of the stream counts as a loss. Each connection has its own decoder and clock, so
/// timestamps start anew. Opening and closing run on other threads, so ``next()`` returns within
/// the deadlines of ``ReaderOptions``. Confined to one thread.
public struct CameraReader: ~Copyable, Sendable {
    /// Event of a live source.
    public enum Event: ~Copyable, Sendable {
        /// Connected, for the first time or again; items that follow come from this connection.
        case connected(SourceDescription, Outage)
        /// Frame or packet.
        case item(MediaItem)
        /// Connection lost or attempt failed; the reader retries by itself.
        case lost(Loss)
    }

    /// Time without a connection, before one was made.
    public struct Outage: Sendable, Hashable {
        /// Seconds since the loss, or since the first attempt.
        public var seconds: Double
        /// Connection attempts, including the successful one.
        public var attempts: Int
    }

    /// Reason of a loss and the time of the next attempt.
    public struct Loss: Sendable, Hashable {
        /// Error that ended the connection or the attempt.
        public var error: VideoError
        /// Seconds until the next attempt.
        public var wait: Double
        /// True if an established connection broke; false for a failed attempt.
        public var wasConnected: Bool
    }

    /// Clock, sleep and random numbers; tests replace them.
    struct Environment: Sendable {
        /// Seconds on a monotonic clock.
        var now: @Sendable () -> Double = { Double(av_gettime_relative()) / 1e6 }
        /// Sleeps for the given seconds.
        var sleep: @Sendable (Double) -> Void = { usleep(UInt32($0 * 1e6)) }
        /// Random number from 0 to 1.
        var chance: @Sendable () -> Double = { Double.random(in: 0...1) }
    }

    /// Connections lost, not counting failed attempts.
    public private(set) var losses = 0
    /// Transport in use or tried next; nil for protocols other than RTSP.
    public var transport: ReaderOptions.Transport? { choice.current }

    private let source: String
    private let stop: @Sendable () -> Bool
    private let environment: Environment
    private let opener = ConnectionOpener()
    /// Options of every connection.
    var options: ReaderOptions
    private var policy = ReconnectPolicy()
    private var choice: TransportChoice
    private var connection: Connection?
    private var earlier = ReadReport()
    private var delay = 0.0
    private var lostAt: Double?
    private var attempts = 0
    private var hasDelivered = false

    /// Checks an address without connecting.
    ///
    /// - Throws: ``VideoError`` of kind `unsupported` for a scheme that FFmpeg does not know.
    public static func check(_ source: String) throws(VideoError) {
        try SourceAddress(source).checkScheme()
    }

    /// Creates a reader; the first call of ``next()`` connects.
    ///
    /// - Parameters:
    ///   - source: Address or device.
    ///   - options: Deadlines, transports and the like. The source is always treated as live.
    ///   - stop: Polled while waiting; once true, ``next()`` throws an error of kind
    ///     ``VideoError/Kind/stopped``.
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
        choice = TransportChoice(options.transports, for: source)
    }

    deinit {
        if let connection { opener.close(connection) }
    }

    /// Takes over a reader that was opened before, as the first connection.
    mutating func adopt(_ reader: consuming VideoReader) {
        connection = Connection(reader)
        policy.connected(at: environment.now())
    }

    /// Counts over all connections.
    public var report: ReadReport {
        guard let connection else { return earlier }
        return earlier.adding(connection.reader?.report ?? ReadReport())
    }

    /// Seconds that the current connection has waited for data.
    public var waited: Double { connection?.reader?.waited ?? 0 }

    /// Frames that the decoder skips to keep up with the source.
    public var decoderSkip: DecoderSkip = .none {
        didSet { connection?.reader?.decoderSkip = decoderSkip }
    }

    /// Size and format of delivered frames, as far as known.
    var outputFormat: OutputFormat? { connection?.reader?.outputFormat }

    /// Number of transports to try before the first failure is final.
    var transportCount: Int { choice.count }

    /// Returns the next event; never ends by itself.
    ///
    /// Throws only errors of kind ``VideoError/Kind/stopped``.
    public mutating func next() throws(VideoError) -> Event {
        guard let connection else { return try connect() }
        let failure: VideoError
        do throws(VideoError) {
            if let item = try connection.reader?.next() {
                recordDelivery(item)
                return .item(item)
            }
            failure = VideoError(.ended, "Reading \(redacted(source)): the source ended.")
        } catch {
            failure = error
        }
        return .lost(try lose(failure))
    }

    /// Closes the current connection and waits at most `seconds` for the teardown.
    mutating func disconnect(within seconds: Double) {
        guard let connection else { return }
        earlier = report
        self.connection = nil
        opener.close(connection)
        let end = environment.now() + seconds
        while opener.blockedCount > 0 && environment.now() < end { environment.sleep(0.01) }
    }

    private mutating func recordDelivery(_ item: borrowing MediaItem) {
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
        if let transport = choice.current { options.transports = [transport] }
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

    /// Drops the broken connection and schedules the next attempt.
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
        delay = policy.delayAfterLoss(chance: environment.chance())
        let loss = Loss(error: error, wait: delay, wasConnected: hasDelivered)
        hasDelivered = false
        return loss
    }

    /// Sleeps in steps of 0.1 s so that a stop takes effect soon.
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

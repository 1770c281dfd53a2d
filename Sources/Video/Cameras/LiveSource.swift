internal import CFFmpeg

/// Live source read as one endless recording, with one clock and one frame size across connections.
///
/// After a loss, timestamps continue by the time that passed. Size and format stay those of the
/// first connection.
public struct LiveSource: ~Copyable, Sendable {
    /// Event of a live source.
    public enum Event: ~Copyable, Sendable {
        /// Frame.
        case item(MediaItem)
        /// The source was lost and is connected again.
        case reconnected(Reconnection)
    }

    /// Interruption that ended.
    public struct Reconnection: Sendable, Hashable {
        /// Seconds from the loss to the new connection.
        public var seconds: Double
        /// Connection attempts.
        public var attempts: Int
        /// Error message of the loss.
        public var reason: String
    }

    /// Description given by the first connection.
    public let description: SourceDescription
    /// Connections lost so far.
    public var losses: Int { reader.losses }
    /// Counts over all connections.
    public var report: ReadReport { reader.report }

    private var reader: CameraReader
    private let environment: CameraReader.Environment
    private var clock = LiveClock()
    private var delivered = 0

    /// Connects.
    ///
    /// The first connection is not retried, so that a wrong address is reported at once.
    ///
    /// Throws like ``VideoReader/init(_:options:stop:)``.
    public init(
        _ source: String, options: ReaderOptions = ReaderOptions(),
        stop: @escaping @Sendable () -> Bool = { false }
    ) throws(VideoError) {
        try self.init(source, options: options, environment: CameraReader.Environment(), stop: stop)
    }

    /// Continues with a reader that found its source to be live; `source` is its address.
    public init(
        continuing opened: consuming VideoReader, _ source: String, options: ReaderOptions,
        stop: @escaping @Sendable () -> Bool
    ) throws(VideoError) {
        try self.init(
            source, options: options, environment: CameraReader.Environment(), opened: opened,
            stop: stop)
    }

    init(
        _ source: String, options: ReaderOptions, environment: CameraReader.Environment,
        opened: consuming VideoReader? = nil, stop: @escaping @Sendable () -> Bool
    ) throws(VideoError) {
        var options = options
        options.packetKinds = []
        var reader = CameraReader(source, options: options, environment: environment, stop: stop)
        if var opened {
            opened.packetKinds = []
            description = opened.description
            reader.adopt(opened)
        } else {
            description = try Self.firstConnection(of: &reader)
        }
        reader.options.outputFormat = OutputFormat(
            width: description.video.width, height: description.video.height)
        self.reader = reader
        self.environment = environment
    }

    /// Tries each transport once.
    private static func firstConnection(
        of reader: inout CameraReader
    ) throws(VideoError) -> SourceDescription {
        var failure = VideoError(.other, "No transport was tried.")
        for _ in 0..<reader.transportCount {
            let transport = reader.transport
            switch try reader.next() {
            case .connected(let description, _): return description
            case .lost(let loss): failure = loss.error
            case .item: preconditionFailure("a frame arrived before a connection")
            }
            if reader.transport == transport { break }
        }
        throw failure
    }

    /// Returns the next frame or reconnection; never ends by itself.
    ///
    /// Throws only errors of kind ``VideoError/Kind/stopped``.
    public mutating func next() throws(VideoError) -> Event {
        if reader.options.outputFormat?.format == nil, let format = reader.outputFormat?.format {
            reader.options.outputFormat?.format = format
        }
        var reason: String?
        while true {
            switch try reader.next() {
            case .item(let item): return .item(retimed(item, environment.now()))
            case .lost(let loss): reason = reason ?? loss.error.message
            case .connected(_, let outage):
                clock.breakOff()
                return .reconnected(
                    Reconnection(
                        seconds: outage.seconds, attempts: outage.attempts,
                        reason: reason ?? "the source ended"))
            }
        }
    }

    /// Maps an item's timestamp to the clock of the first connection.
    private mutating func retimed(_ item: consuming MediaItem, _ now: Double) -> MediaItem {
        switch consume item {
        case .frame(let frame): .frame(retimed(frame, now))
        case .packet(let packet): .packet(packet)
        }
    }

    private mutating func retimed(_ frame: consuming Frame, _ now: Double) -> Frame {
        let base = description.streams[description.videoStream].timeBase
        frame.timestamp = clock.map(frame.timestamp.rescaled(to: base), at: now)
        frame.index = delivered
        delivered += 1
        unsafe frame.pointer.pointee.pts = frame.timestamp.ticks
        return frame
    }
}

/// Maps the clocks of consecutive connections to one increasing clock.
struct LiveClock: Sendable {
    private var offset: Int64 = 0
    private var last: (timestamp: Timestamp, at: Double)?
    private var isBroken = false

    /// Marks the connection as lost; the next timestamp continues by the time that passed.
    mutating func breakOff() { isBroken = true }

    /// Maps a frame's timestamp to the common clock; results increase strictly.
    mutating func map(_ timestamp: Timestamp, at now: Double) -> Timestamp {
        if let last, isBroken {
            let passed = Int64(nearest: max(now - last.at, 0) / timestamp.timeBase.value)
            offset = last.timestamp.ticks.adding(max(passed, 1)).subtracting(timestamp.ticks)
        }
        isBroken = false
        let mapped = Timestamp(ticks: timestamp.ticks.adding(offset), timeBase: timestamp.timeBase)
        last = (mapped, now)
        return mapped
    }
}

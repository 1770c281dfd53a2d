internal import CFFmpeg

/// A camera as one recording without end: the pictures of its connections, on one clock and in one size.
///
/// Stamps go on growing over every loss, by the time that passed, and sizes and formats stay those of the first
/// connection.
///
/// SAFETY of `@unchecked Sendable`: noncopyable, and the only holder of its connection.
public struct LiveSource: ~Copyable, @unchecked Sendable {
    /// What a live source delivers.
    public enum Event: ~Copyable, Sendable {
        /// A picture.
        case item(MediaItem)
        /// The source was lost and is back; the next picture follows this many seconds after the last.
        case gap(Gap)
    }

    /// A time without pictures.
    public struct Gap: Sendable, Hashable {
        /// Seconds from the loss to the new connection.
        public var seconds: Double
        /// Connections that were attempted.
        public var attempts: Int
        /// Why the source was lost, in words.
        public var reason: String
    }

    /// What the first connection said of the source.
    public let description: SourceDescription
    /// Losses so far.
    public var losses: Int { reader.losses }
    /// What happened over all connections.
    public var report: ReadReport { reader.report }

    private var reader: CameraReader
    private let world: CameraReader.World
    private var clock = LiveClock()
    private var delivered = 0

    /// Connects for the first time, which is not tried again: a wrong address should be said at once.
    ///
    /// Throws like ``VideoReader/init(_:options:stop:)``.
    public init(
        _ source: String, options: ReaderOptions = ReaderOptions(),
        stop: @escaping @Sendable () -> Bool = { false }
    ) throws(VideoError) {
        try self.init(source, options: options, world: CameraReader.World(), stop: stop)
    }

    init(
        _ source: String, options: ReaderOptions, world: CameraReader.World,
        stop: @escaping @Sendable () -> Bool
    ) throws(VideoError) {
        var options = options
        options.packetKinds = []
        var reader = CameraReader(source, options: options, world: world, stop: stop)
        description = try Self.firstConnection(of: &reader)
        reader.options.look = OutputFormat(
            width: description.picture.width, height: description.picture.height)
        self.reader = reader
        self.world = world
    }

    /// Tries each way of sending once.
    private static func firstConnection(
        of reader: inout CameraReader
    ) throws(VideoError) -> SourceDescription {
        var failure = VideoError(.other, "Nothing was tried.")
        for _ in 0..<reader.transportCount {
            let transport = reader.transport
            switch try reader.next() {
            case .connected(let description, _): return description
            case .lost(let loss): failure = loss.error
            case .item: preconditionFailure("a picture came before a connection")
            }
            if reader.transport == transport { break }
        }
        throw failure
    }

    /// Delivers the next picture or gap; never ends by itself.
    ///
    /// Throws only an error of kind ``VideoError/Kind/stopped``, when `stop` says so.
    public mutating func next() throws(VideoError) -> Event {
        if reader.options.look?.format == nil, let format = reader.look?.format {
            reader.options.look?.format = format
        }
        var reason: String?
        while true {
            switch try reader.next() {
            case .item(let item): return .item(retimed(item, world.now()))
            case .lost(let loss): reason = reason ?? loss.error.message
            case .connected(_, let outage):
                clock.breakOff()
                return .gap(
                    Gap(
                        seconds: outage.seconds, attempts: outage.attempts,
                        reason: reason ?? "the source ended"))
            }
        }
    }

    /// Moves an item onto the clock of the first connection.
    private mutating func retimed(_ item: consuming MediaItem, _ now: Double) -> MediaItem {
        switch consume item {
        case .frame(let frame): .frame(retimed(frame, now))
        case .packet(let packet): .packet(packet)
        }
    }

    private mutating func retimed(_ frame: consuming Frame, _ now: Double) -> Frame {
        let base = description.streams[description.videoStream].timeBase
        frame.timestamp = clock.place(frame.timestamp.rescaled(to: base), at: now)
        frame.index = delivered
        delivered += 1
        unsafe frame.pointer.pointee.pts = frame.timestamp.ticks
        return frame
    }
}

/// One clock over many connections, each of which counts from its own beginning.
struct LiveClock: Sendable {
    private var offset: Int64 = 0
    private var last: (stamp: Timestamp, at: Double)?
    private var isBroken = false

    /// The connection is lost; the next picture is placed by the time that passed.
    mutating func breakOff() { isBroken = true }

    /// The stamp of a picture on the common clock: later than all before it.
    mutating func place(_ stamp: Timestamp, at now: Double) -> Timestamp {
        if let last, isBroken {
            let passed = Int64(nearest: max(now - last.at, 0) / stamp.timeBase.value)
            offset = last.stamp.ticks.adding(max(passed, 1)).subtracting(stamp.ticks)
        }
        isBroken = false
        let placed = Timestamp(ticks: stamp.ticks.adding(offset), timeBase: stamp.timeBase)
        last = (placed, now)
        return placed
    }
}

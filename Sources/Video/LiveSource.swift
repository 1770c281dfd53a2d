internal import CFFmpeg
internal import Glibc

/// A source that is opened again whenever it is lost: a camera, or anything that happens while it is read.
///
/// The end of a live source is a loss like any other. Stamps go on growing over every loss, by the time that
/// passed, and sizes and formats stay those of the first connection.
///
/// SAFETY of `@unchecked Sendable`: noncopyable, and the only holder of its connection.
public struct LiveSource: ~Copyable, @unchecked Sendable {
    /// What a live source delivers.
    public enum Event: ~Copyable, Sendable {
        /// A picture or packet.
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

    /// Clock, sleep and chance, so that tests need none of them.
    struct World: Sendable {
        /// Seconds on a clock that never goes back.
        var now: @Sendable () -> Double = { Double(av_gettime_relative()) / 1e6 }
        /// Waits that many seconds.
        var sleep: @Sendable (Double) -> Void = { usleep(UInt32($0 * 1e6)) }
        /// A number from 0 to 1.
        var chance: @Sendable () -> Double = { Double.random(in: 0...1) }
    }

    /// What the first connection said of the source.
    public let description: SourceDescription
    /// Losses so far.
    public private(set) var losses = 0

    private let source: String
    private let stop: @Sendable () -> Bool
    private let world: World
    private var options: ReaderOptions
    private var policy = ReconnectPolicy()
    private var connection: Connection?
    private var clock = LiveClock()
    private var earlier = ReadReport()
    private var delivered = 0

    /// Connects for the first time, which is not tried again: a wrong address should be said at once.
    ///
    /// Throws like ``VideoReader/init(_:options:stop:)``.
    public init(
        _ source: String, options: ReaderOptions = ReaderOptions(),
        stop: @escaping @Sendable () -> Bool = { false }
    ) throws(VideoError) {
        try self.init(source, options: options, world: World(), stop: stop)
    }

    init(
        _ source: String, options: ReaderOptions, world: World, stop: @escaping @Sendable () -> Bool
    ) throws(VideoError) {
        let reader = try VideoReader(source, options: options, stop: stop)
        description = reader.description
        self.source = source
        self.stop = stop
        self.world = world
        self.options = options
        self.options.look = PictureLook(
            width: reader.description.picture.width, height: reader.description.picture.height)
        connection = Connection(reader)
        policy.connected(at: world.now())
    }

    /// One reader; an object, so that it can be let go before the next is opened.
    private final class Connection {
        var reader: VideoReader

        init(_ reader: consuming VideoReader) { self.reader = reader }

        func next() throws(VideoError) -> MediaItem? { try reader.next() }
    }

    /// What happened over all connections.
    public var report: ReadReport {
        guard let connection else { return earlier }
        return earlier.adding(connection.reader.report)
    }

    /// Delivers the next picture, packet, or gap; never ends by itself.
    ///
    /// Throws only an error of kind ``VideoError/Kind/stopped``, when `stop` says so.
    public mutating func next() throws(VideoError) -> Event {
        var item: MediaItem? = nil
        var reason = "the source ended"
        do throws(VideoError) {
            item = try connection?.next()
        } catch {
            if error.kind == .stopped { throw error }
            reason = error.message
        }
        guard let item else { return .gap(try reconnect(reason)) }
        let now = world.now()
        policy.delivered(at: now)
        return .item(restamped(item, now))
    }

    private mutating func reconnect(_ reason: String) throws(VideoError) -> Gap {
        let lostAt = world.now()
        losses += 1
        earlier = report
        if let format = connection?.reader.look?.format { options.look?.format = format }
        connection = nil
        clock.breakOff()
        var attempts = 0
        while connection == nil {
            try wait(policy.lost(chance: world.chance()))
            attempts += 1
            connection = try connect()
        }
        policy.connected(at: world.now())
        return Gap(seconds: world.now() - lostAt, attempts: attempts, reason: reason)
    }

    /// One attempt; nil when it failed.
    private func connect() throws(VideoError) -> Connection? {
        do throws(VideoError) {
            return Connection(try VideoReader(source, options: options, stop: stop))
        } catch {
            if error.kind == .stopped { throw error }
            return nil
        }
    }

    /// Sleeps in small steps, so that a stop is heard.
    private func wait(_ seconds: Double) throws(VideoError) {
        var left = seconds
        while left > 0 {
            if stop() {
                throw VideoError(.stopped, "Reading \(description.name): stopped as asked.")
            }
            let step = min(left, 0.1)
            world.sleep(step)
            left -= step
        }
    }

    /// Moves an item onto the clock of the first connection.
    private mutating func restamped(_ item: consuming MediaItem, _ now: Double) -> MediaItem {
        switch consume item {
        case .frame(let frame): .frame(restamped(frame, now))
        case .packet(let packet): .packet(restamped(packet))
        }
    }

    private mutating func restamped(_ frame: consuming Frame, _ now: Double) -> Frame {
        let base = description.streams[description.videoStream].timeBase
        frame.timestamp = clock.place(frame.timestamp.rescaled(to: base), at: now)
        frame.index = delivered
        delivered += 1
        unsafe frame.pointer.pointee.pts = frame.timestamp.ticks
        return frame
    }

    private func restamped(_ packet: consuming Packet) -> Packet {
        guard let streams = connection?.reader.description.streams,
            packet.stream < description.streams.count
        else { return packet }
        let base = description.streams[packet.stream].timeBase
        unsafe av_packet_rescale_ts(
            packet.pointer, streams[packet.stream].timeBase.rational, base.rational)
        packet.move(by: clock.offset(in: base))
        return packet
    }
}

extension Packet {
    /// Shifts its stamps by a number of ticks.
    fileprivate borrowing func move(by ticks: Int64) {
        if unsafe pointer.pointee.pts != tl_no_timestamp {
            unsafe pointer.pointee.pts = pointer.pointee.pts.adding(ticks)
        }
        if unsafe pointer.pointee.dts != tl_no_timestamp {
            unsafe pointer.pointee.dts = pointer.pointee.dts.adding(ticks)
        }
    }
}

/// One clock over many connections, each of which counts from its own beginning.
struct LiveClock: Sendable {
    private var offset: Int64 = 0
    private var base = Ratio(1, 1000)
    private var last: (stamp: Timestamp, at: Double)?
    private var isBroken = false

    /// The connection is lost; the next picture is placed by the time that passed.
    mutating func breakOff() { isBroken = true }

    /// The stamp of a picture on the common clock: later than all before it.
    mutating func place(_ stamp: Timestamp, at now: Double) -> Timestamp {
        base = stamp.timeBase
        if let last, isBroken {
            let passed = Int64(nearest: max(now - last.at, 0) / base.value)
            offset = last.stamp.ticks.adding(max(passed, 1)).subtracting(stamp.ticks)
        }
        isBroken = false
        let placed = Timestamp(ticks: stamp.ticks.adding(offset), timeBase: base)
        last = (placed, now)
        return placed
    }

    /// The present shift in ticks of another clock.
    func offset(in other: Ratio) -> Int64 {
        Timestamp(ticks: offset, timeBase: base).rescaled(to: other).ticks
    }
}

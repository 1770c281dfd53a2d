internal import Flow
internal import Scene
internal import Video

/// Packet shared by a growing file and ``RecentPackets``.
final class SharedPacket: Sendable {
    let packet: Packet

    init(_ packet: consuming Packet) { self.packet = packet }
}

/// Tracked objects of one frame.
struct TrackedFrame: Sendable {
    /// Arrival of the frame's packet, in nanoseconds of the monotonic clock.
    var arrival: UInt64
    /// Timestamp in ticks of the source.
    var ticks: Int64
    var isDamaged: Bool
    var objects: [TrackedObject]
}

/// Input of a recorder's thread, in the order in which it happened.
enum RecorderItem: ~Copyable, Sendable {
    /// A connection was made; what follows comes from this source.
    case connected(SourceDescription)
    case packet(SharedPacket)
    /// Frame to be drawn on and encoded.
    case frame(Frame, [TrackedObject])
    case tracked(TrackedFrame)
    /// A clip was requested.
    case clipRequested
    /// The connection was lost, for this reason.
    case disconnected(String)
}

/// Queue to a recorder's thread; costs are bytes of memory, and 0 for items that must not be lost.
typealias RecorderQueue = BoundedQueue<RecorderItem>

extension RecorderQueue {
    /// Largest memory of waiting items in bytes: seconds of packets, a few frames.
    static var recorderLimit: Int { 16 << 20 }

    /// Creates the queue of one recorder.
    convenience init() { self.init(limit: Self.recorderLimit) }

    /// Appends an item; false when it does not fit, or the queue is closed.
    func accepts(_ item: consuming RecorderItem, cost: Int = 0) -> Bool {
        if case .accepted = offer(item, cost: cost) { true } else { false }
    }
}

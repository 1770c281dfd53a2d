internal import Video

/// Packets of the last seconds, from a key frame on: the beginning of a clip.
///
/// Bounded in bytes as well: the oldest key-frame intervals are dropped first.
struct RecentPackets {
    /// Largest memory of packets in bytes.
    static let limit = 32 << 20

    private struct Interval {
        var packets: [SharedPacket]
        let arrival: UInt64
        var bytes: Int
    }

    private var intervals: [Interval] = []
    private var bytes = 0
    private let nanoseconds: UInt64

    /// Keeps at least so many seconds.
    init(seconds: Double) { nanoseconds = UInt64(seconds * 1e9) }

    /// All packets, oldest first; the first is a key frame.
    var packets: [SharedPacket] { intervals.flatMap(\.packets) }

    /// Adds a packet; a key frame begins an interval.
    mutating func add(_ shared: SharedPacket, isKeyFrame: Bool) {
        let size = shared.packet.size
        if isKeyFrame {
            intervals.append(
                Interval(packets: [], arrival: shared.packet.arrival, bytes: 0))
        }
        guard !intervals.isEmpty else { return }
        intervals[intervals.count - 1].packets.append(shared)
        intervals[intervals.count - 1].bytes += size
        bytes += size
        dropOld(now: shared.packet.arrival)
    }

    /// Drops all packets: those that follow do not continue them.
    mutating func clear() {
        intervals = []
        bytes = 0
    }

    private mutating func dropOld(now: UInt64) {
        let earliest = now > nanoseconds ? now - nanoseconds : 0
        while intervals.count > 1, intervals[1].arrival <= earliest { removeFirst() }
        while bytes > Self.limit { removeFirst() }
    }

    private mutating func removeFirst() { bytes -= intervals.removeFirst().bytes }
}

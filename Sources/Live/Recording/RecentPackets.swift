internal import Video

/// The packets of the latest seconds, from a key picture on: what a clip begins with.
///
/// Bounded in bytes as well: where the seconds do not fit, the oldest key-frame interval goes.
struct RecentPackets {
    /// Bytes that are remembered at most.
    static let limit = 32 << 20

    private struct Interval {
        var packets: [SharedPacket]
        let arrival: UInt64
        var bytes: Int
    }

    private var intervals: [Interval] = []
    private var bytes = 0
    private let nanoseconds: UInt64

    /// Remembers at least so many seconds.
    init(seconds: Double) { nanoseconds = UInt64(seconds * 1e9) }

    /// All of them, oldest first; the first is a key picture's.
    var packets: [SharedPacket] { intervals.flatMap(\.packets) }

    /// Adds a packet; one of a key picture begins an interval.
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
        forget(now: shared.packet.arrival)
    }

    /// Forgets everything: what comes next does not continue it.
    mutating func clear() {
        intervals = []
        bytes = 0
    }

    private mutating func forget(now: UInt64) {
        let earliest = now > nanoseconds ? now - nanoseconds : 0
        while intervals.count > 1, intervals[1].arrival <= earliest { removeFirst() }
        while bytes > Self.limit { removeFirst() }
    }

    private mutating func removeFirst() { bytes -= intervals.removeFirst().bytes }
}

internal import CFFmpeg

/// Bounded queue of packets, oldest first; owns them.
///
/// A class because noncopyable packets cannot be stored in an array. When a source sends minutes of
/// audio before its first frame, the oldest packets are dropped and counted.
final class PacketQueue {
    @safe struct Entry {
        let pointer: UnsafeMutablePointer<AVPacket>
        let stream: Int
        let timeBase: Ratio
        /// View of the packet.
        var view: PacketView { unsafe PacketView(pointer) }

        /// Decode timestamp, or the presentation timestamp if it is missing; nil if both are.
        var decodeTimestamp: Timestamp? {
            (view.dts ?? view.pts).map { Timestamp(ticks: $0, timeBase: timeBase) }
        }

        /// The same for sorting; before all others if both are missing.
        var sortTimestamp: Timestamp {
            decodeTimestamp ?? Timestamp(ticks: -Int64.farthestTicks, timeBase: timeBase)
        }

        /// Frees the packet.
        func free() {
            var owned: UnsafeMutablePointer<AVPacket>? = unsafe pointer
            unsafe av_packet_free(&owned)
        }

        /// Approximate memory in bytes.
        fileprivate var cost: Int { 256 + max(view.size, 0) }
    }

    /// Packets dropped because the queue was full.
    private(set) var lost = 0
    private let capacity: Int
    private var cost = 0
    private var entries: [Entry] = []
    private var head = 0

    /// Creates a queue for about `capacity` bytes; the newest packet always fits.
    init(capacity: Int = 32 << 20) { self.capacity = capacity }

    deinit {
        while let entry = removeFirst() { entry.free() }
    }

    var first: Entry? { head < entries.count ? entries[head] : nil }
    var last: Entry? { head < entries.count ? entries.last : nil }
    var waiting: ArraySlice<Entry> { entries[head...] }

    /// Appends a packet and takes ownership.
    func append(_ entry: Entry) {
        entries.append(entry)
        cost += entry.cost
        while cost > capacity, waiting.count > 1, let oldest = removeFirst() {
            oldest.free()
            lost += 1
        }
    }

    /// Removes the oldest packet; the caller owns it.
    func removeFirst() -> Entry? {
        guard let entry = first else { return nil }
        cost -= entry.cost
        head += 1
        if head > 256, head * 2 > entries.count {
            entries.removeFirst(head)
            head = 0
        }
        return entry
    }
}

extension Timestamp {
    /// True if it is earlier than `other`, whatever their time bases.
    func isBefore(_ other: Timestamp) -> Bool {
        av_compare_ts(ticks, timeBase.rational, other.ticks, other.timeBase.rational) < 0
    }
}

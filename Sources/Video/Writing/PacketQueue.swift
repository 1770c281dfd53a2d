internal import CFFmpeg

/// Packets that wait for their turn, oldest first; owns them.
///
/// A class because noncopyable packets cannot live in an array. Bounded: where a source sends sound for minutes
/// before its first picture, the oldest packets go, and are counted.
final class PacketQueue {
    @safe struct Entry {
        let pointer: UnsafeMutablePointer<AVPacket>
        let stream: Int
        let timeBase: Ratio

        /// Decode stamp, in place of a missing one the presentation stamp; nil where both are missing.
        var decodeTimestamp: Timestamp? {
            let dts = unsafe pointer.pointee.dts
            let ticks = unsafe dts != tl_no_timestamp ? dts : pointer.pointee.pts
            return ticks == tl_no_timestamp ? nil : Timestamp(ticks: ticks, timeBase: timeBase)
        }

        /// The same; earlier than everything where it is missing.
        var sortTimestamp: Timestamp {
            decodeTimestamp ?? Timestamp(ticks: -Int64.farthestTicks, timeBase: timeBase)
        }

        /// Lets go of the packet, for its owner.
        func free() {
            var owned: UnsafeMutablePointer<AVPacket>? = unsafe pointer
            unsafe av_packet_free(&owned)
        }

        /// Bytes of memory, about.
        fileprivate var cost: Int { 256 + Int(max(unsafe pointer.pointee.size, 0)) }
    }

    /// Packets that had to go because too many waited.
    private(set) var lost = 0
    private let capacity: Int
    private var cost = 0
    private var entries: [Entry] = []
    private var head = 0

    /// An empty queue for about so many bytes; the newest packet always fits.
    init(capacity: Int = 32 << 20) { self.capacity = capacity }

    deinit {
        while let entry = removeFirst() { entry.free() }
    }

    var first: Entry? { head < entries.count ? entries[head] : nil }
    var last: Entry? { head < entries.count ? entries.last : nil }
    var waiting: ArraySlice<Entry> { entries[head...] }

    /// Adds a packet and owns it from now on.
    func append(_ entry: Entry) {
        entries.append(entry)
        cost += entry.cost
        while cost > capacity, waiting.count > 1, let oldest = removeFirst() {
            oldest.free()
            lost += 1
        }
    }

    /// The caller owns the packet from now on.
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
    /// Whether it is earlier than another one, whatever their clocks.
    func isBefore(_ other: Timestamp) -> Bool {
        av_compare_ts(ticks, timeBase.rational, other.ticks, other.timeBase.rational) < 0
    }
}

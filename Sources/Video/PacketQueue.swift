internal import CFFmpeg

/// Packets that wait for their turn, oldest first; owns them.
///
/// A class because noncopyable packets cannot live in an array.
final class PacketQueue {
    @safe struct Entry {
        let pointer: UnsafeMutablePointer<AVPacket>
        let stream: Int
        let timeBase: Ratio

        /// Decode stamp, in place of a missing one the presentation stamp.
        var timestamp: Timestamp {
            let dts = unsafe pointer.pointee.dts
            let ticks = unsafe dts != tl_no_timestamp ? dts : pointer.pointee.pts
            return Timestamp(
                ticks: ticks == tl_no_timestamp ? Int64.min / 4 : ticks, timeBase: timeBase)
        }
    }

    private var entries: [Entry] = []
    private var head = 0

    deinit {
        while let entry = removeFirst() {
            var pointer: UnsafeMutablePointer<AVPacket>? = unsafe entry.pointer
            unsafe av_packet_free(&pointer)
        }
    }

    var first: Entry? { head < entries.count ? entries[head] : nil }
    var last: Entry? { head < entries.count ? entries.last : nil }
    var waiting: ArraySlice<Entry> { entries[head...] }

    /// Adds a packet and owns it from now on.
    func append(_ entry: Entry) { entries.append(entry) }

    /// The caller owns the packet from now on.
    func removeFirst() -> Entry? {
        guard let entry = first else { return nil }
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

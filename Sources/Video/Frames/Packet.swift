internal import CFFmpeg

/// A piece of a stream as the source sent it, not decoded: sound, subtitles, data, and pictures where they are to be
/// copied.
///
/// SAFETY of `@unchecked Sendable`: noncopyable and the only owner of its `AVPacket`, like ``Frame``; what is shared
/// between packets are bytes that nobody changes.
@safe public struct Packet: ~Copyable, @unchecked Sendable {
    let pointer: UnsafeMutablePointer<AVPacket>
    /// Index of the stream in ``SourceDescription/streams``.
    public let stream: Int
    /// When it came, in nanoseconds of the system's monotonic clock; 0 where that was not noted.
    public let arrival: UInt64

    /// Takes ownership of an `AVPacket`.
    init(owning pointer: UnsafeMutablePointer<AVPacket>, stream: Int, arrival: UInt64 = 0) {
        unsafe self.pointer = unsafe pointer
        self.stream = stream
        self.arrival = arrival
    }

    /// The same bytes as another packet, without copying them.
    init(
        sharing other: UnsafeMutablePointer<AVPacket>, stream: Int, arrival: UInt64
    ) throws(VideoError) {
        guard let copy = unsafe av_packet_clone(other) else {
            throw VideoError(.other, "Sharing a packet: out of memory.")
        }
        unsafe self.init(owning: copy, stream: stream, arrival: arrival)
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = unsafe pointer
        unsafe av_packet_free(&packet)
    }

    /// The same packet once more; its bytes are shared.
    ///
    /// Throws a ``VideoError`` when memory runs out.
    public borrowing func shared() throws(VideoError) -> Packet {
        try unsafe Packet(sharing: pointer, stream: stream, arrival: arrival)
    }

    /// Whether decoding can begin here.
    public var isKey: Bool { unsafe pointer.pointee.flags & AV_PKT_FLAG_KEY != 0 }

    /// Bytes of its content.
    public var size: Int { Int(unsafe pointer.pointee.size) }

    /// The stamp of decoding, in place of a missing one that of presentation, in ticks of the stream; nil where both
    /// are missing.
    var ticks: Int64? {
        let dts = unsafe pointer.pointee.dts
        let ticks = unsafe dts != tl_no_timestamp ? dts : pointer.pointee.pts
        return ticks == tl_no_timestamp ? nil : ticks
    }

    /// Its stamp in seconds of its source's clock; nil where it has none.
    public func seconds(in source: SourceDescription) -> Double? {
        ticks.map { Double($0) * source.streams[stream].timeBase.value }
    }
}

/// What a reader delivers, in the order of the source: pictures, and packets of the streams beside them.
public enum MediaItem: ~Copyable, Sendable {
    /// A decoded picture.
    case frame(Frame)
    /// A packet of another stream, or of the pictures where ``ReaderOptions/pictures`` asks for them.
    case packet(Packet)
}

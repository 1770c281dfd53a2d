internal import CFFmpeg

/// Encoded packet as the source sent it: audio, subtitles, data, and video if requested.
///
/// SAFETY of `@unchecked Sendable`: noncopyable and the only owner of its `AVPacket`; bytes shared
/// between packets are never written.
@safe public struct Packet: ~Copyable, @unchecked Sendable {
    let pointer: UnsafeMutablePointer<AVPacket>
    /// Stream index in ``SourceDescription/streams``.
    public let stream: Int
    /// Arrival in nanoseconds of the system's monotonic clock; 0 if unknown.
    public let arrival: UInt64
    /// Seconds by which the source's clock leapt before the packet; 0 if it did not.
    let leap: Double

    /// Takes ownership of an `AVPacket`.
    init(
        owning pointer: UnsafeMutablePointer<AVPacket>, stream: Int, arrival: UInt64 = 0,
        leap: Double = 0
    ) {
        unsafe self.pointer = unsafe pointer
        self.stream = stream
        self.arrival = arrival
        self.leap = leap
    }

    /// Creates a packet that shares the bytes of another.
    init(
        sharing other: UnsafeMutablePointer<AVPacket>, stream: Int, arrival: UInt64,
        leap: Double = 0
    ) throws(VideoError) {
        guard let copy = unsafe av_packet_clone(other) else {
            throw VideoError(.other, "Sharing a packet: out of memory.")
        }
        unsafe self.init(owning: copy, stream: stream, arrival: arrival, leap: leap)
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = unsafe pointer
        unsafe av_packet_free(&packet)
    }

    /// Second packet that shares the bytes.
    ///
    /// Throws a ``VideoError`` if memory runs out.
    public borrowing func shared() throws(VideoError) -> Packet {
        try unsafe Packet(sharing: pointer, stream: stream, arrival: arrival, leap: leap)
    }

    /// True for key frames.
    public var isKey: Bool { view.isKey }

    /// Size in bytes.
    public var size: Int { view.size }

    /// Decode timestamp in ticks, or the presentation timestamp if it is missing; nil if both are.
    var ticks: Int64? { view.dts ?? view.pts }

    /// Presentation timestamp in ticks; nil if it is missing.
    package var presentationTicks: Int64? { view.pts }

    /// View of the packet.
    var view: PacketView { unsafe PacketView(pointer) }

    /// The same in seconds of the source's clock; nil if both timestamps are missing.
    public func seconds(in source: SourceDescription) -> Double? {
        ticks.map { Double($0) * source.streams[stream].timeBase.value }
    }
}

/// Item delivered by a reader, in the order of the source.
public enum MediaItem: ~Copyable, Sendable {
    /// Decoded frame.
    case frame(Frame)
    /// Packet of another stream, or of the video stream if ``ReaderOptions/videoOutput`` asks for
    /// packets.
    case packet(Packet)
}

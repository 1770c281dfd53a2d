internal import CFFmpeg

/// A piece of a stream that is not decoded but handed through: audio, subtitles, data.
///
/// SAFETY of `@unchecked Sendable`: noncopyable and the only owner of its `AVPacket`, like ``Frame``.
@safe public struct Packet: ~Copyable, @unchecked Sendable {
    let pointer: UnsafeMutablePointer<AVPacket>
    /// Index of the stream in ``SourceDescription/streams``.
    public let stream: Int

    /// Takes ownership of an `AVPacket`.
    init(owning pointer: UnsafeMutablePointer<AVPacket>, stream: Int) {
        unsafe self.pointer = unsafe pointer
        self.stream = stream
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = unsafe pointer
        unsafe av_packet_free(&packet)
    }
}

/// What a reader delivers, in the order of the source: pictures, and packets of the streams beside them.
public enum MediaItem: ~Copyable, Sendable {
    /// A decoded picture.
    case frame(Frame)
    /// A packet of another stream.
    case packet(Packet)
}

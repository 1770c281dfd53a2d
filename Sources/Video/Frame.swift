internal import CFFmpeg

/// One decoded picture with its place in time: owned, moved from stage to stage, never copied.
///
/// SAFETY of `@unchecked Sendable`: the value is noncopyable and the only owner of its `AVFrame`, so whoever
/// holds it is the only one who can reach it; the reference counts of the buffers behind it are atomic.
@safe public struct Frame: ~Copyable, @unchecked Sendable {
    let pointer: UnsafeMutablePointer<AVFrame>
    /// Position among the frames the reader delivered, from 0.
    public internal(set) var index: Int
    /// When it is to be shown, on its stream's clock.
    public internal(set) var timestamp: Timestamp
    /// How long it is to be shown, in ticks of the same clock; 0 when unknown.
    public let duration: Int64
    /// The decoder reported damage in it, or something was lost on which it leans.
    public let isDamaged: Bool
    /// Drawing on it had to copy the picture first, because the decoder still held it.
    public internal(set) var wasCopied: Bool

    /// Takes ownership of an `AVFrame` that holds a picture in memory.
    init(
        owning pointer: UnsafeMutablePointer<AVFrame>, index: Int, timestamp: Timestamp,
        duration: Int64, isDamaged: Bool
    ) {
        unsafe self.pointer = unsafe pointer
        self.index = index
        self.timestamp = timestamp
        self.duration = duration
        self.isDamaged = isDamaged
        wasCopied = false
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = unsafe pointer
        unsafe av_frame_free(&frame)
    }

    /// Columns of the upright picture.
    public var width: Int { unsafe Int(pointer.pointee.width) }
    /// Rows of the upright picture.
    public var height: Int { unsafe Int(pointer.pointee.height) }
}

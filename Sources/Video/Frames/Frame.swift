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
    /// The decoder reported damage in it, or gave something up on which it leans: what is new in it means nothing.
    public let isCorrupt: Bool
    /// It leans on something that the network lost, and that the decoder made up for.
    public let dependsOnLoss: Bool
    /// When its packet came, in nanoseconds of the system's monotonic clock.
    public internal(set) var arrival: UInt64
    /// What the camera's own clock showed, in seconds since 1970; nil where the camera does not tell.
    public internal(set) var wallClock: Double?
    /// Drawing on it had to copy the picture first, because the decoder still held it.
    public internal(set) var wasCopied: Bool

    /// Takes ownership of an `AVFrame` that holds a picture in memory.
    init(
        owning pointer: UnsafeMutablePointer<AVFrame>, index: Int, timestamp: Timestamp,
        duration: Int64, isCorrupt: Bool, origin: PacketOrigin = PacketOrigin()
    ) {
        unsafe self.pointer = unsafe pointer
        self.index = index
        self.timestamp = timestamp
        self.duration = duration
        self.isCorrupt = isCorrupt
        dependsOnLoss = origin.dependsOnLoss
        arrival = origin.arrival
        wallClock = origin.wallClock
        wasCopied = false
    }

    /// The same picture once more: the samples are shared until one of the two is drawn on.
    ///
    /// Throws a ``VideoError`` when memory runs out.
    public borrowing func shared() throws(VideoError) -> Frame {
        guard let copy = unsafe av_frame_clone(pointer) else {
            throw VideoError(.other, "Sharing a picture: out of memory.")
        }
        return unsafe Frame(
            owning: copy, index: index, timestamp: timestamp, duration: duration,
            isCorrupt: isCorrupt,
            origin: PacketOrigin(
                arrival: arrival, wallClock: wallClock, dependsOnLoss: dependsOnLoss))
    }

    /// It is not what the source showed: broken, or leaning on a loss.
    public var isDamaged: Bool { isCorrupt || dependsOnLoss }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = unsafe pointer
        unsafe av_frame_free(&frame)
    }

    /// Bytes of memory that its samples take; they may be shared with other holders.
    public var byteCount: Int {
        let format = AVPixelFormat(rawValue: unsafe pointer.pointee.format)
        return unsafe Int(
            max(
                av_image_get_buffer_size(format, pointer.pointee.width, pointer.pointee.height, 1),
                0))
    }

    /// Columns of the upright picture.
    public var width: Int { unsafe Int(pointer.pointee.width) }
    /// Rows of the upright picture.
    public var height: Int { unsafe Int(pointer.pointee.height) }
}

internal import CFFmpeg

/// Decoded frame with its timestamp.
///
/// Noncopyable: moves from stage to stage.
///
/// SAFETY of `@unchecked Sendable`: the only owner of its `AVFrame`, so only the holder can reach
/// it; the reference counts of the buffers behind it are atomic.
@safe public struct Frame: ~Copyable, @unchecked Sendable {
    let pointer: UnsafeMutablePointer<AVFrame>
    /// Index among the delivered frames, from 0.
    public internal(set) var index: Int
    /// Presentation time on the stream's clock.
    public internal(set) var timestamp: Timestamp
    /// Duration in ticks of the same clock; 0 if unknown.
    public let duration: Int64
    /// True if the decoder reported damage, or the frame depends on a frame that was not decoded.
    public let isCorrupt: Bool
    /// True if the frame depends on packets lost by the network, which the decoder concealed.
    public let dependsOnLoss: Bool
    /// Arrival of its packet in nanoseconds of the system's monotonic clock.
    public internal(set) var arrival: UInt64
    /// Capture time by the camera's clock, in seconds since 1970; nil if the camera does not state
    /// it.
    public internal(set) var wallClock: Double?
    /// True if drawing had to copy the pixels because the decoder still referenced them; for tests.
    var wasCopied: Bool

    /// Takes ownership of an `AVFrame` with data in memory.
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

    /// Second frame that shares the pixels until one of the two is drawn on.
    ///
    /// Throws a ``VideoError`` if memory runs out.
    public borrowing func shared() throws(VideoError) -> Frame {
        guard let copy = unsafe av_frame_clone(pointer) else {
            throw VideoError(.other, "Sharing a frame: out of memory.")
        }
        return unsafe Frame(
            owning: copy, index: index, timestamp: timestamp, duration: duration,
            isCorrupt: isCorrupt,
            origin: PacketOrigin(
                arrival: arrival, wallClock: wallClock, dependsOnLoss: dependsOnLoss))
    }

    /// True if the content may differ from what the source recorded: corrupt, or dependent on a
    /// loss.
    public var isDamaged: Bool { isCorrupt || dependsOnLoss }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = unsafe pointer
        unsafe av_frame_free(&frame)
    }

    /// Bytes of pixel memory; may be shared with other frames.
    public var byteCount: Int {
        let format = AVPixelFormat(rawValue: unsafe pointer.pointee.format)
        return unsafe Int(
            max(
                av_image_get_buffer_size(format, pointer.pointee.width, pointer.pointee.height, 1),
                0))
    }

    /// Width in pixels, after rotation.
    public var width: Int { unsafe Int(pointer.pointee.width) }
    /// Height in pixels, after rotation.
    public var height: Int { unsafe Int(pointer.pointee.height) }
}

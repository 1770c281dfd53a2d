internal import CFFmpeg

/// Reusable `AVFrame`.
///
/// SAFETY of `@unchecked Sendable`: noncopyable, and the only owner of the memory behind its
/// pointers.
@safe struct FrameBuffer: ~Copyable, @unchecked Sendable {
    let pointer: UnsafeMutablePointer<AVFrame>

    init() throws(VideoError) {
        guard let frame = unsafe av_frame_alloc() else {
            throw VideoError(.other, "Allocating a frame: out of memory.")
        }
        unsafe pointer = unsafe frame
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = unsafe pointer
        unsafe av_frame_free(&frame)
    }

    /// Moves the content into a new `AVFrame` that the caller owns.
    func take() throws(VideoError) -> UnsafeMutablePointer<AVFrame> {
        guard let frame = unsafe av_frame_alloc() else {
            throw VideoError(.other, "Allocating a frame: out of memory.")
        }
        unsafe av_frame_move_ref(frame, pointer)
        return unsafe frame
    }
}

/// Reusable `AVPacket`.
///
/// SAFETY of `@unchecked Sendable`: noncopyable, and the only owner of the memory behind its
/// pointers.
@safe struct PacketBuffer: ~Copyable, @unchecked Sendable {
    let pointer: UnsafeMutablePointer<AVPacket>

    init() throws(VideoError) {
        guard let packet = unsafe av_packet_alloc() else {
            throw VideoError(.other, "Allocating a packet: out of memory.")
        }
        unsafe pointer = unsafe packet
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = unsafe pointer
        unsafe av_packet_free(&packet)
    }

    /// View of the current content.
    var view: PacketView { unsafe PacketView(pointer) }

    /// Moves the content into a new `AVPacket` that the caller owns.
    func take() throws(VideoError) -> UnsafeMutablePointer<AVPacket> {
        guard let packet = unsafe av_packet_alloc() else {
            throw VideoError(.other, "Allocating a packet: out of memory.")
        }
        unsafe av_packet_move_ref(packet, pointer)
        return unsafe packet
    }
}

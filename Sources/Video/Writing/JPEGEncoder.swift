internal import CFFmpeg
internal import Pixels

/// Encodes frames as JPEG, scaled down to a maximum width.
///
/// Reuses filter and encoder while size, format and colours stay the same. Confined to one thread.
public struct JPEGEncoder: ~Copyable, Sendable {
    private let widthLimit: Int
    private let quality: Int
    private var filter: FrameFilter?
    /// Input colours of the filter.
    private var color: ColorDescription?
    private var codec: StillCodec?
    /// Number of frames so far, used as timestamp because the encoder needs increasing ones.
    private var count: Int64 = 0

    /// Creates an encoder.
    ///
    /// - Parameters:
    ///   - widthLimit: Maximum width in pixels; at least 16.
    ///   - quality: From 2 (best) to 31, FFmpeg's scale.
    public init(widthLimit: Int, quality: Int = 5) {
        precondition(widthLimit >= 16 && (2...31).contains(quality), "no such JPEG")
        self.widthLimit = widthLimit
        self.quality = quality
    }

    /// Encodes a frame to the bytes of a JPEG file.
    ///
    /// Throws a ``VideoError`` if memory runs out or FFmpeg lacks the encoder.
    public mutating func encode(_ frame: borrowing Frame) throws(VideoError) -> [UInt8] {
        let input = unsafe FrameFilter.Input(frame.pointer)
        if filter?.input != input || color != frame.color {
            filter = try FrameFilter(steps(frame), input: input, timeBase: Ratio(1, 1000))
            color = frame.color
            codec = nil
        }
        let converted = try FrameBuffer()
        try check(unsafe av_frame_ref(converted.pointer, frame.pointer), "Encoding a JPEG")
        try unsafe filter?.push(converted.pointer)
        guard try unsafe filter?.pull(into: converted.pointer) == true else {
            throw VideoError(.other, "Encoding a JPEG: the filter returned no frame.")
        }
        count += 1
        unsafe converted.pointer.pointee.pts = count
        if codec == nil { codec = try unsafe StillCodec(converted.pointer, quality: quality) }
        return try unsafe codec?.encode(converted.pointer) ?? []
    }

    private func steps(_ frame: borrowing Frame) -> String {
        // Sides of the result are even because its chroma is subsampled.
        "scale=w='min(iw,\(widthLimit))':h=-2:\(frame.color.scaleInput)"
            + ":out_color_matrix=bt601:out_range=full:flags=bilinear,format=yuvj420p"
    }
}

/// FFmpeg's JPEG encoder for frames of one size.
///
/// Not private: in debug builds with tests the compiler loses a private noncopyable type (Swift
/// 6.3).
///
/// SAFETY of `@unchecked Sendable`: noncopyable, and the only owner of the memory behind its
/// pointers.
@safe struct StillCodec: ~Copyable, @unchecked Sendable {
    private let context: UnsafeMutablePointer<AVCodecContext>
    private let packet: PacketBuffer
    private let quality: Int32

    init(_ frame: UnsafeMutablePointer<AVFrame>, quality: Int) throws(VideoError) {
        let scale = Int32(quality) * FF_QP2LAMBDA
        let packet = try PacketBuffer()
        let opened = try unsafe Self.open(frame, scale)
        unsafe context = unsafe opened
        self.packet = packet
        self.quality = scale
    }

    private static func open(
        _ frame: UnsafeMutablePointer<AVFrame>, _ scale: Int32
    ) throws(VideoError) -> UnsafeMutablePointer<AVCodecContext> {
        guard let codec = unsafe avcodec_find_encoder(AV_CODEC_ID_MJPEG) else {
            throw VideoError(.missingCodec, "This FFmpeg cannot encode JPEG.")
        }
        var context = unsafe avcodec_alloc_context3(codec)
        guard let made = unsafe context else {
            throw VideoError(.other, "Encoding a JPEG: out of memory.")
        }
        unsafe made.pointee.width = unsafe frame.pointee.width
        unsafe made.pointee.height = unsafe frame.pointee.height
        unsafe made.pointee.pix_fmt = unsafe AVPixelFormat(frame.pointee.format)
        unsafe made.pointee.time_base = AVRational(num: 1, den: 1000)
        unsafe made.pointee.color_range = AVCOL_RANGE_JPEG
        unsafe made.pointee.flags |= AV_CODEC_FLAG_QSCALE
        unsafe made.pointee.global_quality = scale
        unsafe made.pointee.thread_count = 1
        let code = unsafe avcodec_open2(made, codec, nil)
        if code < 0 {
            unsafe avcodec_free_context(&context)
            try check(code, "Encoding a JPEG")
        }
        return unsafe made
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = unsafe context
        unsafe avcodec_free_context(&context)
    }

    func encode(_ frame: UnsafeMutablePointer<AVFrame>) throws(VideoError) -> [UInt8] {
        unsafe frame.pointee.quality = quality
        unsafe frame.pointee.pict_type = AV_PICTURE_TYPE_NONE
        try check(unsafe avcodec_send_frame(context, frame), "Encoding a JPEG")
        let packet = unsafe packet.pointer
        try check(unsafe avcodec_receive_packet(context, packet), "Encoding a JPEG")
        defer { unsafe av_packet_unref(packet) }
        let bytes = unsafe UnsafeBufferPointer(
            start: packet.pointee.data, count: Int(packet.pointee.size))
        return unsafe Array(bytes)
    }
}

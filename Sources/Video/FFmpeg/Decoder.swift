internal import CFFmpeg

/// Video decoder: owns an `AVCodecContext`.
///
/// SAFETY of `@unchecked Sendable`: noncopyable, and the only owner of the memory behind its
/// pointers.
@safe struct Decoder: ~Copyable, @unchecked Sendable {
    private let context: UnsafeMutablePointer<AVCodecContext>

    /// Opens the decoder of a stream with frame threads.
    ///
    /// With slice threads, error concealment would depend on the number of threads.
    init(
        _ stream: UnsafeMutablePointer<AVStream>, of name: String, threads: Int
    ) throws(VideoError) {
        unsafe context = try unsafe Self.open(stream, name, threads)
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = unsafe context
        unsafe avcodec_free_context(&context)
    }

    /// Sends a packet, or nil at the end; false if the decoder rejects it as damaged.
    ///
    /// The decoded frame carries the same number.
    func send(_ packet: UnsafeMutablePointer<AVPacket>?, number: Int64 = 0) -> Bool {
        if let packet = unsafe packet { unsafe tl_number_packet(context, packet, number) }
        let code = unsafe avcodec_send_packet(context, packet)
        return code >= 0 || code == tl_error_end
    }

    /// Receives the next frame.
    ///
    /// Returns 0, `tl_error_again` if more packets are needed, `tl_error_end`, or an error of the
    /// decoder.
    func receive(into frame: UnsafeMutablePointer<AVFrame>) -> Int32 {
        unsafe avcodec_receive_frame(context, frame)
    }

    /// Sets the frames to skip, from the next packet on.
    func skip(_ decoderSkip: DecoderSkip) {
        unsafe context.pointee.skip_frame =
            switch decoderSkip {
            case .none: AVDISCARD_DEFAULT
            case .nonReference: AVDISCARD_NONREF
            case .nonKey: AVDISCARD_NONKEY
            }
    }

    /// Drops buffered frames after a seek.
    func flush() { unsafe avcodec_flush_buffers(context) }

    /// FFmpeg's name of a codec; if unknown, the file's FourCC.
    private static func name(_ codec: AVCodecID, tag: UInt32) -> String {
        guard codec == AV_CODEC_ID_NONE else { return unsafe text(avcodec_get_name(codec)) }
        let letters = (0..<4).map { UInt8(truncatingIfNeeded: tag >> ($0 * 8)) }
        let readable = letters.allSatisfy { (0x20..<0x7F).contains($0) }
        return readable ? String(decoding: letters, as: UTF8.self) : "its codec"
    }

    private static func open(
        _ stream: UnsafeMutablePointer<AVStream>, _ name: String, _ threads: Int
    ) throws(VideoError) -> UnsafeMutablePointer<AVCodecContext> {
        let parameters = unsafe stream.pointee.codecpar.pointee
        guard let codec = unsafe avcodec_find_decoder(parameters.codec_id) else {
            let codec = unsafe Self.name(parameters.codec_id, tag: parameters.codec_tag)
            throw VideoError(
                .missingCodec,
                "Reading \(name): this FFmpeg cannot decode \(codec). "
                    + "Convert it to H.264, or install an FFmpeg that can.")
        }
        var context = unsafe avcodec_alloc_context3(codec)
        guard let opened = unsafe context else {
            throw VideoError(.other, "Opening the decoder of \(name): out of memory.")
        }
        unsafe avcodec_parameters_to_context(opened, stream.pointee.codecpar)
        unsafe opened.pointee.pkt_timebase = unsafe stream.pointee.time_base
        unsafe opened.pointee.thread_count = Int32(clamping: threads)
        unsafe opened.pointee.thread_type = FF_THREAD_FRAME
        unsafe opened.pointee.flags |= AV_CODEC_FLAG_OUTPUT_CORRUPT
        let code = unsafe avcodec_open2(opened, codec, nil)
        if code < 0 {
            unsafe avcodec_free_context(&context)
            try check(code, "Opening the decoder of \(name)")
        }
        return unsafe opened
    }
}

internal import CFFmpeg

/// Brings pictures into the format and size that the encoder was opened for; does nothing where they fit.
@safe final class FrameConverter {
    let width: Int32
    let height: Int32
    let format: AVPixelFormat
    private var scaler: OpaquePointer?
    private var range: AVColorRange

    /// Chooses what the encoder is given for pictures like `frame`, and says what is given up.
    init(
        like frame: UnsafePointer<AVFrame>, codec: UnsafePointer<AVCodec>, options: WriterOptions,
        notices: Notices
    ) throws(VideoError) {
        let source = unsafe AVPixelFormat(frame.pointee.format)
        format = try unsafe Self.choose(source, codec, options.pixels, notices)
        width = unsafe frame.pointee.width
        height = unsafe frame.pointee.height
        range = unsafe frame.pointee.color_range
        unsafe scaler = nil
        let even = unsafe Self.roundsUp(format, codec)
        guard even, width % 2 != 0 || height % 2 != 0 else { return }
        throw VideoError(.unsupported, "Encoding with \(options.encoder): odd picture sizes are not supported.")
    }

    deinit { unsafe sws_freeContext(scaler) }

    private static func roundsUp(_ format: AVPixelFormat, _ codec: UnsafePointer<AVCodec>) -> Bool {
        guard let layout = unsafe av_pix_fmt_desc_get(format) else { return false }
        let name = unsafe String(cString: codec.pointee.name)
        return unsafe layout.pointee.log2_chroma_w > 0
            && ["libx264", "libx265", "libsvtav1"].contains(name)
    }

    private static func choose(
        _ source: AVPixelFormat, _ codec: UnsafePointer<AVCodec>, _ policy: WriterOptions.PixelPolicy,
        _ notices: Notices
    ) throws(VideoError) -> AVPixelFormat {
        let wanted = policy == .source ? withoutRange(source) : AV_PIX_FMT_YUV420P
        guard let formats = unsafe codec.pointee.pix_fmts else { return wanted }
        let chosen = unsafe avcodec_find_best_pix_fmt_of_list(formats, wanted, 0, nil)
        guard chosen != AV_PIX_FMT_NONE else {
            throw VideoError(.unsupported, "Encoding: the encoder takes none of this picture's formats.")
        }
        unsafe noteLoss(from: source, to: chosen, policy, notices)
        return chosen
    }

    /// The full-range twins of old say in the format what the range field says as well.
    private static func withoutRange(_ format: AVPixelFormat) -> AVPixelFormat {
        switch format {
        case AV_PIX_FMT_YUVJ420P: AV_PIX_FMT_YUV420P
        case AV_PIX_FMT_YUVJ422P: AV_PIX_FMT_YUV422P
        case AV_PIX_FMT_YUVJ444P: AV_PIX_FMT_YUV444P
        case AV_PIX_FMT_YUVJ440P: AV_PIX_FMT_YUV440P
        default: format
        }
    }

    private static func noteLoss(
        from source: AVPixelFormat, to chosen: AVPixelFormat, _ policy: WriterOptions.PixelPolicy,
        _ notices: Notices
    ) {
        guard let before = unsafe av_pix_fmt_desc_get(source),
            let after = unsafe av_pix_fmt_desc_get(chosen)
        else { return }
        let remedy = policy == .source ? "the encoder takes no better" : "--pixel-format source keeps it"
        let depth = unsafe before.pointee.comp.0.depth
        let newDepth = unsafe after.pointee.comp.0.depth
        if newDepth < depth {
            notices.add("The pictures' \(depth) bits became \(newDepth); \(remedy).")
        }
        let isCoarser = unsafe after.pointee.log2_chroma_w > before.pointee.log2_chroma_w
            || after.pointee.log2_chroma_h > before.pointee.log2_chroma_h
        if isCoarser, unsafe before.pointee.nb_components >= 3 {
            notices.add("The pictures' colour became coarser (4:2:0); \(remedy).")
        }
    }

    /// The picture as the encoder wants it; the caller frees it when it is not the given one.
    func convert(
        _ frame: UnsafeMutablePointer<AVFrame>
    ) throws(VideoError) -> UnsafeMutablePointer<AVFrame> {
        let source = unsafe Self.withoutRange(AVPixelFormat(frame.pointee.format))
        if source == format, unsafe frame.pointee.width == width, unsafe frame.pointee.height == height {
            unsafe frame.pointee.format = format.rawValue
            return unsafe frame
        }
        guard let result = unsafe av_frame_alloc() else { throw outOfMemory }
        unsafe result.pointee.width = width
        unsafe result.pointee.height = height
        unsafe result.pointee.format = format.rawValue
        guard unsafe av_frame_get_buffer(result, 0) >= 0,
            unsafe av_frame_copy_props(result, frame) >= 0, unsafe prepare(frame)
        else {
            var failed: UnsafeMutablePointer<AVFrame>? = unsafe result
            unsafe av_frame_free(&failed)
            throw outOfMemory
        }
        unsafe sws_scale_frame(scaler, result, frame)
        return unsafe result
    }

    private var outOfMemory: VideoError { VideoError(.other, "Converting a picture: out of memory.") }

    /// Sets the scaler up for this picture; one that fits already is used again.
    private func prepare(_ frame: UnsafePointer<AVFrame>) -> Bool {
        let source = unsafe AVPixelFormat(frame.pointee.format)
        unsafe scaler = sws_getCachedContext(
            scaler, frame.pointee.width, frame.pointee.height, source, width, height, format,
            Int32(SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT), nil, nil, nil)
        guard unsafe scaler != nil else { return false }
        let isFull = unsafe frame.pointee.color_range == AVCOL_RANGE_JPEG
            || Self.withoutRange(source) != source
        let matrix = unsafe sws_getCoefficients(Int32(frame.pointee.colorspace.rawValue))
        let full: Int32 = isFull ? 1 : 0
        unsafe sws_setColorspaceDetails(scaler, matrix, full, matrix, full, 0, 1 << 16, 1 << 16)
        return true
    }
}

internal import CFFmpeg
internal import Pixels

/// Converts frames to the encoder's format and size, where they differ.
@safe final class FrameConverter {
    let width: Int32
    let height: Int32
    let format: AVPixelFormat
    private var scaler: OpaquePointer?

    /// Chooses format and size for frames like `frame`; reports losses of quality.
    init(
        like frame: UnsafePointer<AVFrame>, codec: UnsafePointer<AVCodec>, options: WriterOptions,
        diagnostics: Diagnostics
    ) throws(VideoError) {
        let source = unsafe AVPixelFormat(frame.pointee.format)
        format = try unsafe Self.choose(
            source, codec, frame.pointee.color_trc, options.keepsSourcePixelFormat, diagnostics)
        let (columns, rows) = unsafe (frame.pointee.width, frame.pointee.height)
        let isEven = unsafe Self.needsEvenSize(format, codec)
        width = isEven ? (columns + 1) & ~1 : columns
        height = isEven ? (rows + 1) & ~1 : rows
        unsafe scaler = nil
        if width != columns || height != rows {
            diagnostics.add(
                "The size was changed from \(columns)×\(rows) to \(width)×\(height), because \(options.encoder) needs "
                    + "even sizes; the added edge repeats its neighbour.")
        }
    }

    deinit { unsafe tl_scaler_free(scaler) }

    private static func needsEvenSize(_ format: AVPixelFormat, _ codec: UnsafePointer<AVCodec>)
        -> Bool
    {
        guard let layout = unsafe av_pix_fmt_desc_get(format) else { return false }
        let name = unsafe String(cString: codec.pointee.name)
        return unsafe layout.pointee.log2_chroma_w > 0
            && ["libx264", "libx265", "libsvtav1"].contains(name)
    }

    private static func choose(
        _ source: AVPixelFormat, _ codec: UnsafePointer<AVCodec>,
        _ transfer: AVColorTransferCharacteristic, _ keepsSource: Bool,
        _ diagnostics: Diagnostics
    ) throws(VideoError) -> AVPixelFormat {
        let wanted = keepsSource ? PixelFormat.withoutRange(source) : AV_PIX_FMT_YUV420P
        guard let formats = unsafe tl_encoder_pixel_formats(codec) else { return wanted }
        let chosen = unsafe avcodec_find_best_pix_fmt_of_list(formats, wanted, 0, nil)
        guard chosen != AV_PIX_FMT_NONE else {
            throw VideoError(
                .unsupported, "Encoding: the encoder supports no format close to this frame's.")
        }
        noteLoss(from: source, to: chosen, transfer, keepsSource, diagnostics)
        return chosen
    }

    /// Name of a transfer function of high dynamic range; nil for others.
    private static func highDynamicRange(_ transfer: AVColorTransferCharacteristic) -> String? {
        switch transfer {
        case AVCOL_TRC_ARIB_STD_B67: "HLG"
        case AVCOL_TRC_SMPTE2084: "PQ"
        default: nil
        }
    }

    private static func noteLoss(
        from source: AVPixelFormat, to chosen: AVPixelFormat,
        _ transfer: AVColorTransferCharacteristic, _ keepsSource: Bool,
        _ diagnostics: Diagnostics
    ) {
        guard let before = unsafe av_pix_fmt_desc_get(source),
            let after = unsafe av_pix_fmt_desc_get(chosen)
        else { return }
        let remedy =
            keepsSource
            ? "the encoder supports no better format" : "--pixel-format source keeps it"
        let depth = unsafe before.pointee.comp.0.depth
        let newDepth = unsafe after.pointee.comp.0.depth
        if newDepth < depth {
            diagnostics.add("The bit depth was reduced from \(depth) to \(newDepth); \(remedy).")
            if let name = highDynamicRange(transfer) {
                diagnostics.add(
                    "The video stays tagged as \(name) with \(newDepth) bits, which shows banding; "
                        + "\(remedy).")
            }
        }
        let isCoarser =
            unsafe after.pointee.log2_chroma_w > before.pointee.log2_chroma_w
            || after.pointee.log2_chroma_h > before.pointee.log2_chroma_h
        if isCoarser, unsafe before.pointee.nb_components >= 3 {
            diagnostics.add("Chroma was subsampled to 4:2:0; \(remedy).")
        }
    }

    /// Converts a frame; the caller frees the result unless it is `frame` itself.
    func convert(
        _ frame: UnsafeMutablePointer<AVFrame>
    ) throws(VideoError) -> UnsafeMutablePointer<AVFrame> {
        let source = unsafe PixelFormat.withoutRange(AVPixelFormat(frame.pointee.format))
        let (columns, rows) = unsafe (frame.pointee.width, frame.pointee.height)
        if source == format, columns == width, rows == height {
            unsafe frame.pointee.format = format.rawValue
            return unsafe frame
        }
        let isPadded = (columns + 1) & ~1 == width && (rows + 1) & ~1 == height
        guard isPadded, columns != width || rows != height else {
            return try unsafe scale(frame, width, height)
        }
        guard source != format else {
            unsafe frame.pointee.format = format.rawValue
            return try unsafe pad(frame)
        }
        let scaled = try unsafe scale(frame, columns, rows)
        var owned: UnsafeMutablePointer<AVFrame>? = unsafe scaled
        defer { unsafe av_frame_free(&owned) }
        return try unsafe pad(scaled)
    }

    private func scale(
        _ frame: UnsafeMutablePointer<AVFrame>, _ width: Int32, _ height: Int32
    ) throws(VideoError) -> UnsafeMutablePointer<AVFrame> {
        let result = try unsafe makeFrame(like: frame, width, height)
        guard unsafe prepare(frame, result), unsafe tl_scale_frame(scaler, result, frame) >= 0
        else {
            var failed: UnsafeMutablePointer<AVFrame>? = unsafe result
            unsafe av_frame_free(&failed)
            throw outOfMemory
        }
        return unsafe result
    }

    /// Allocates a frame of the encoder's format with the properties of another one.
    private func makeFrame(
        like frame: UnsafePointer<AVFrame>, _ width: Int32, _ height: Int32
    ) throws(VideoError) -> UnsafeMutablePointer<AVFrame> {
        var result = unsafe av_frame_alloc()
        guard let made = unsafe result else { throw outOfMemory }
        unsafe made.pointee.width = width
        unsafe made.pointee.height = height
        unsafe made.pointee.format = format.rawValue
        guard unsafe av_frame_get_buffer(made, 0) >= 0, unsafe av_frame_copy_props(made, frame) >= 0
        else {
            unsafe av_frame_free(&result)
            throw outOfMemory
        }
        return unsafe made
    }

    /// Repeats the last column and row of planes that an even size enlarges.
    private func pad(
        _ frame: UnsafeMutablePointer<AVFrame>
    ) throws(VideoError) -> UnsafeMutablePointer<AVFrame> {
        let result = try unsafe makeFrame(like: frame, width, height)
        guard let layout = unsafe av_pix_fmt_desc_get(format) else { return unsafe result }
        let sample = unsafe layout.pointee.comp.0.depth > 8 ? 2 : 1
        for plane in 0..<av_pix_fmt_count_planes(format) {
            let shift = Int32(unsafe plane == 0 ? 0 : layout.pointee.log2_chroma_h)
            let rows = unsafe -(-frame.pointee.height >> shift)
            let bytes = unsafe Int(av_image_get_linesize(format, frame.pointee.width, plane))
            let wide = Int(av_image_get_linesize(format, width, plane))
            guard let from = unsafe tl_frame_plane(frame, plane),
                let to = unsafe tl_frame_plane(result, plane)
            else { continue }
            for y in 0..<(-(-height >> shift)) {
                let source = unsafe from + Int(min(y, rows - 1) * tl_frame_stride(frame, plane))
                let target = unsafe to + Int(y * tl_frame_stride(result, plane))
                unsafe target.update(from: source, count: bytes)
                for at in bytes..<max(wide, bytes) { unsafe target[at] = target[at - sample] }
            }
        }
        return unsafe result
    }

    private var outOfMemory: VideoError {
        VideoError(.other, "Converting a frame: out of memory.")
    }

    /// Configures the scaler, reusing it if it fits.
    private func prepare(_ frame: UnsafePointer<AVFrame>, _ result: UnsafePointer<AVFrame>) -> Bool
    {
        let source = unsafe AVPixelFormat(frame.pointee.format)
        unsafe scaler = tl_scaler_fit(
            scaler, frame.pointee.width, frame.pointee.height, source, result.pointee.width,
            result.pointee.height, format,
            tl_scale_bicubic | tl_scale_accurate_rounding | tl_scale_full_chroma)
        guard unsafe scaler != nil else { return false }
        let before: Int32 = unsafe PixelFormat.isFullRange(frame) ? 1 : 0
        let after: Int32 = unsafe PixelFormat.isFullRange(result) ? 1 : 0
        let matrix = unsafe Int32(result.pointee.colorspace.rawValue)
        unsafe tl_scaler_set_colors(scaler, matrix, before, matrix, after)
        return true
    }
}

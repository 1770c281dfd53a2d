internal import CFFmpeg
internal import Pixels

/// Writes still images.
public enum ImageFile {
    /// Writes a frame as `.png`, `.jpg`, `.webp` or `.bmp`, by the extension of `path`; replaces an
    /// existing file only if asked to.
    ///
    /// - Throws: A ``VideoError`` if the extension is unknown or the file cannot be written.
    public static func write(
        _ frame: borrowing Frame, to path: String, overwrite: Bool = true
    ) throws(VideoError) {
        FFmpegLog.capture()
        let doing = "Writing \(path)"
        let target = try Target(path)
        let filter = try FrameFilter(
            target.steps(frame), input: unsafe FrameFilter.Input(frame.pointer),
            timeBase: Ratio(1, 25))
        let converted = try FrameBuffer()
        try check(unsafe av_frame_ref(converted.pointer, frame.pointer), doing)
        try unsafe filter.push(converted.pointer)
        try unsafe filter.push(nil)
        guard try unsafe filter.pull(into: converted.pointer) else {
            throw VideoError(.other, "\(doing): the filter returned no frame.")
        }
        let packet = try PacketBuffer()
        try unsafe encode(converted.pointer, into: packet.pointer, target, doing)
        let file = try GrowingFile(path, overwrite: overwrite)
        do throws(VideoError) {
            let size = unsafe Int(packet.pointer.pointee.size)
            try file.append(
                unsafe [UInt8](UnsafeBufferPointer(start: packet.pointer.pointee.data, count: size))
            )
            try file.finish()
        } catch {
            file.abandon()
            throw error
        }
    }

    private struct Target {
        let codec: AVCodecID
        let format: String
        let isFullRange: Bool

        init(_ path: String) throws(VideoError) {
            let dot = path.lastIndex(of: ".").map { path.index(after: $0) } ?? path.endIndex
            switch path[dot...].lowercased() {
            case "png": (codec, format, isFullRange) = (AV_CODEC_ID_PNG, "rgb24", true)
            case "bmp": (codec, format, isFullRange) = (AV_CODEC_ID_BMP, "bgr24", true)
            case "jpg", "jpeg": (codec, format, isFullRange) = (AV_CODEC_ID_MJPEG, "yuvj444p", true)
            case "webp": (codec, format, isFullRange) = (AV_CODEC_ID_WEBP, "yuv420p", false)
            default:
                throw VideoError(
                    .unsupported,
                    "Writing \(path): images end in .png, .jpg, .webp or .bmp. Choose one of these."
                )
            }
        }

        func steps(_ frame: borrowing Frame) -> String {
            "scale=\(frame.color.scaleInput):out_color_matrix=bt601"
                + ":out_range=\(isFullRange ? "full" : "limited")"
                + ":flags=bicubic+accurate_rnd+bitexact+full_chroma_int,format=\(format)"
        }
    }

    private static func encode(
        _ frame: UnsafeMutablePointer<AVFrame>, into packet: UnsafeMutablePointer<AVPacket>,
        _ target: Target, _ doing: String
    ) throws(VideoError) {
        guard let codec = unsafe avcodec_find_encoder(target.codec) else {
            throw VideoError(.missingCodec, "\(doing): this FFmpeg cannot encode such images.")
        }
        var context = unsafe avcodec_alloc_context3(codec)
        defer { unsafe avcodec_free_context(&context) }
        guard let encoder = unsafe context else {
            throw VideoError(.other, "\(doing): out of memory.")
        }
        unsafe encoder.pointee.width = unsafe frame.pointee.width
        unsafe encoder.pointee.height = unsafe frame.pointee.height
        unsafe encoder.pointee.pix_fmt = unsafe AVPixelFormat(frame.pointee.format)
        unsafe encoder.pointee.time_base = AVRational(num: 1, den: 25)
        unsafe encoder.pointee.color_range =
            target.isFullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
        unsafe encoder.pointee.flags |= AV_CODEC_FLAG_QSCALE
        unsafe encoder.pointee.global_quality = 2 * FF_QP2LAMBDA
        unsafe frame.pointee.quality = 2 * FF_QP2LAMBDA
        try check(unsafe avcodec_open2(encoder, codec, nil), doing)
        try check(unsafe avcodec_send_frame(encoder, frame), doing)
        try check(unsafe avcodec_send_frame(encoder, nil), doing)
        try check(unsafe avcodec_receive_packet(encoder, packet), doing)
    }
}

internal import CFFmpeg

/// Video encoder: owns an `AVCodecContext`, configured from the first frame.
@safe final class VideoEncoder {
    private let context: UnsafeMutablePointer<AVCodecContext>
    private let name: String
    let timeBase: Ratio
    /// Timestamps and durations of frames inside the encoder.
    private var inside: [Moment] = []
    private var lastTicks = Int64.min
    private var lastDuration: Int64
    private var count: Int64 = 0
    private let countsFrames: Bool
    /// Frames whose timestamp was not later than the one before.
    private(set) var repaired = 0

    private struct Moment {
        var given: Int64
        var pts: Int64
        var duration: Int64
    }

    /// Opens the encoder for frames like `frame`, already in `format`.
    init(
        _ settings: EncoderSettings, like frame: UnsafePointer<AVFrame>, source: SourceDescription,
        width: Int32, height: Int32, format: AVPixelFormat
    ) throws(VideoError) {
        name = settings.options.encoder
        let codec = try unsafe Self.find(name)
        guard let context = unsafe avcodec_alloc_context3(codec) else {
            throw VideoError(.other, "Opening the encoder \(name): out of memory.")
        }
        unsafe self.context = unsafe context
        timeBase = settings.options.clock(of: source)
        let rate = settings.rate(of: source)
        lastDuration = max(1, Int64(nearest: 1 / rate / timeBase.value))
        countsFrames = settings.needsCoarseClock(timeBase)
        unsafe context.pointee.width = width
        unsafe context.pointee.height = height
        unsafe context.pointee.pix_fmt = format
        unsafe context.pointee.time_base =
            countsFrames ? AVRational(num: 1, den: Int32(rate.rounded())) : timeBase.rational
        unsafe settings.describe(frame, source, in: context)
        try unsafe Self.open(context, codec, settings, rate: rate)
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = unsafe context
        unsafe avcodec_free_context(&context)
    }

    /// Opens a configured context; reports options that the encoder does not know.
    private static func open(
        _ context: UnsafeMutablePointer<AVCodecContext>, _ codec: UnsafePointer<AVCodec>,
        _ settings: EncoderSettings, rate: Double
    ) throws(VideoError) {
        let name = settings.options.encoder
        let pixels = unsafe Int(context.pointee.width) * Int(context.pointee.height)
        var dictionary = FFmpegDictionary(settings.privateOptions(rate: rate, pixels: pixels))
        let code = unsafe avcodec_open2(context, codec, &dictionary.pointer)
        guard code >= 0 else {
            throw VideoError(
                .unsupported,
                "Opening the encoder \(name): it rejects these settings (\(ffmpegMessage(code)))."
                    + " Try another preset, rate or encoder.")
        }
        if let unknown = unsafe av_dict_get(dictionary.pointer, "", nil, AV_DICT_IGNORE_SUFFIX) {
            let option = unsafe String(cString: unknown.pointee.key)
            settings.note("The encoder \(name) has no option \(option); it was ignored.")
        }
    }

    /// Finds a video encoder by name.
    static func find(_ name: String) throws(VideoError) -> UnsafePointer<AVCodec> {
        if let codec = unsafe avcodec_find_encoder_by_name(name),
            unsafe codec.pointee.type == AVMEDIA_TYPE_VIDEO
        {
            return unsafe codec
        }
        let known = ["libx264", "libx265", "libsvtav1", "libvpx-vp9", "mpeg4", "ffv1"]
        let present = known.filter { unsafe avcodec_find_encoder_by_name($0) != nil }
        throw VideoError(
            .missingCodec,
            "This FFmpeg has no video encoder \(name); it has \(present.joined(separator: ", ")).")
    }

    /// Output stream for the muxer.
    func stream(disposition: Int32, metadata: [String: String], rate: Ratio) throws(VideoError)
        -> MuxStream
    {
        var parameters = unsafe avcodec_parameters_alloc()
        defer { unsafe avcodec_parameters_free(&parameters) }
        guard let filled = unsafe parameters,
            unsafe avcodec_parameters_from_context(filled, context) >= 0
        else { throw VideoError(.other, "Opening the encoder \(name): out of memory.") }
        return MuxStream(
            parameters: try unsafe CodecParameters(copying: filled), timeBase: timeBase,
            metadata: metadata, disposition: disposition, rate: rate)
    }

    /// Sends a frame with its timestamp in ``timeBase``; returns the timestamp used.
    ///
    /// Timestamps that do not increase are moved up by a tick.
    func send(
        _ frame: UnsafeMutablePointer<AVFrame>, ticks: Int64, duration: Int64
    ) throws(VideoError) -> Int64 {
        var pts = ticks
        if lastTicks != Int64.min {
            if pts <= lastTicks {
                pts = lastTicks.adding(1)
                repaired += 1
            }
            if let last = inside.indices.last, inside[last].duration == 0 {
                inside[last].duration = pts.subtracting(lastTicks)
            }
            if duration == 0 { lastDuration = pts.subtracting(lastTicks) }
        }
        if duration > 0 { lastDuration = duration }
        lastTicks = pts
        let given = countsFrames ? count : pts
        count += 1
        inside.append(Moment(given: given, pts: pts, duration: duration))
        unsafe frame.pointee.pts = given
        unsafe frame.pointee.pict_type = AV_PICTURE_TYPE_NONE
        let code = unsafe avcodec_send_frame(context, frame)
        guard code >= 0 else { throw failure(code) }
        return pts
    }

    /// Signals the end of the video.
    func end() throws(VideoError) {
        if let last = inside.indices.last, inside[last].duration == 0 {
            inside[last].duration = lastDuration
        }
        let code = unsafe avcodec_send_frame(context, nil)
        guard code >= 0 || code == tl_error_end else { throw failure(code) }
    }

    /// Next encoded packet, owned by the caller; nil if more frames are needed or none is left.
    func next() throws(VideoError) -> UnsafeMutablePointer<AVPacket>? {
        guard let packet = unsafe av_packet_alloc() else {
            throw VideoError(.other, "Encoding with \(name): out of memory.")
        }
        let code = unsafe avcodec_receive_packet(context, packet)
        if code >= 0 {
            unsafe setTimestamps(of: packet)
            return unsafe packet
        }
        var unused: UnsafeMutablePointer<AVPacket>? = unsafe packet
        unsafe av_packet_free(&unused)
        guard code == tl_error_again || code == tl_error_end else { throw failure(code) }
        return nil
    }

    private func setTimestamps(of packet: UnsafeMutablePointer<AVPacket>) {
        let packet = unsafe PacketView(packet)
        guard let given = packet.pts else { return }
        guard let at = inside.firstIndex(where: { $0.given == given }) else { return }
        let moment = inside.remove(at: at)
        packet.duration = moment.duration > 0 ? moment.duration : lastDuration
        guard countsFrames else { return }
        (packet.pts, packet.dts) = (moment.pts, moment.pts)
    }

    private func failure(_ code: Int32) -> VideoError {
        VideoError(.other, "Encoding with \(name): \(ffmpegMessage(code)).")
    }
}

internal import CFFmpeg

/// Demuxer: owns an `AVFormatContext`.
///
/// SAFETY of `@unchecked Sendable`: noncopyable, and the only owner of the memory behind its
/// pointers.
@safe struct Demuxer: ~Copyable, @unchecked Sendable {
    let context: UnsafeMutablePointer<AVFormatContext>
    let address: SourceAddress
    let waiting: InterruptGuard
    private let deadlines: ReaderOptions.Deadlines
    /// True if the source cannot be read faster than real time.
    let isLive: Bool
    /// True if reads may block, so that deadlines apply.
    private let mayStall: Bool
    /// Index of the stream whose packets must keep arriving.
    var watchedStream = -1
    private var hasVideo = false
    /// Seconds spent waiting since the last video packet.
    private var silence = 0.0
    /// Total seconds spent waiting for data.
    private(set) var waited = 0.0

    init(
        _ address: SourceAddress, options: ReaderOptions, waiting: InterruptGuard
    ) throws(VideoError) {
        unsafe context = try unsafe Self.open(address, options, waiting)
        self.address = address
        self.waiting = waiting
        isLive = options.isLive || address.isLive
        mayStall = options.isLive || address.mayStall
        deadlines = options.deadlines
    }

    deinit {
        var context: UnsafeMutablePointer<AVFormatContext>? = unsafe context
        waiting.allow(mayStall ? deadlines.close : nil)
        unsafe FFmpegLog.forget(self.context)
        unsafe avformat_close_input(&context)
    }

    /// RTP packets lost or late since the source was opened.
    var packetLoss: PacketLoss { unsafe FFmpegLog.packetLoss(of: context) }

    /// Number of frames that FFmpeg's parsers hold back.
    ///
    /// A parser completes a frame only when the next one begins. The MPEG-TS demuxer does so once
    /// more.
    func parserDelay(of index: Int) -> Int {
        let parsed = [
            AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MPEG4, AV_CODEC_ID_MPEG2VIDEO,
        ]
        guard let stream = unsafe stream(index),
            unsafe parsed.contains(stream.pointee.codecpar.pointee.codec_id)
        else { return 0 }
        return ["rtsp": 1, "mpegts": 2][format] ?? 0
    }

    /// FFmpeg's short name of the container.
    var format: String { unsafe text(context.pointee.iformat.pointee.name) }
    /// True for formats in which the clock may begin again within the source.
    var breaksOff: Bool {
        unsafe context.pointee.iformat.pointee.flags & AVFMT_TS_DISCONT != 0
            || ["flv", "live_flv", "hls"].contains(format)
    }
    var streamCount: Int { unsafe Int(context.pointee.nb_streams) }

    func stream(_ index: Int) -> UnsafeMutablePointer<AVStream>? {
        unsafe tl_stream(context, Int32(index))
    }

    /// True for a single image.
    var isImage: Bool {
        streamCount == 1 && (format == "image2" || format.hasSuffix("_pipe"))
    }

    /// Chooses the video stream to decode and returns its index.
    func videoStream() throws(VideoError) -> Int {
        var best: (index: Int, rank: Int64)?
        for index in 0..<streamCount {
            guard let stream = unsafe stream(index) else { continue }
            let rank = unsafe Self.rank(stream)
            if rank > (best?.rank ?? -1) { best = (index, rank) }
        }
        guard let best else { throw noVideo }
        return best.index
    }

    /// Ranks streams: the default stream first, then by pixel count; negative for anything but
    /// video.
    private static func rank(_ stream: UnsafeMutablePointer<AVStream>) -> Int64 {
        let parameters = unsafe stream.pointee.codecpar.pointee
        let disposition = unsafe stream.pointee.disposition
        // Cover art is not video.
        guard unsafe parameters.codec_type == AVMEDIA_TYPE_VIDEO,
            disposition & AV_DISPOSITION_ATTACHED_PIC == 0
        else { return -1 }
        let pixels = unsafe Int64(parameters.width) * Int64(parameters.height)
        return pixels + (disposition & AV_DISPOSITION_DEFAULT != 0 ? Int64(1) << 62 : 0)
    }

    /// Reads the next packet.
    ///
    /// Returns false at the end; throws if the source cannot be read further.
    mutating func read(into packet: UnsafeMutablePointer<AVPacket>) throws(VideoError) -> Bool {
        let patience = hasVideo ? deadlines.betweenPackets : deadlines.firstFrame
        waiting.allow(mayStall ? patience - silence : nil)
        // Earlier log lines do not explain errors of this read.
        FFmpegLog.capture()
        let start = av_gettime_relative()
        let code = unsafe readRetrying(packet)
        note(Double(av_gettime_relative() - start) / 1e6)
        if waiting.isStopped {
            // On interruption FFmpeg delivers the data it held, which may be half a frame.
            unsafe av_packet_unref(packet)
            throw readError(tl_error_exit)
        }
        if unsafe code >= 0 && packet.pointee.stream_index == watchedStream {
            // On interruption FFmpeg delivers the frame it held; that does not reset the
            // deadline.
            if !waiting.isLate { silence = 0 }
            hasVideo = true
        } else if waiting.isLate {
            // Audio packets do not extend the deadline for video.
            unsafe av_packet_unref(packet)
            throw readError(code)
        }
        if code == tl_error_end { return false }
        guard code >= 0 else { throw readError(code) }
        return true
    }

    /// Retries while the source reports `EAGAIN`, as capture devices do.
    private func readRetrying(_ packet: UnsafeMutablePointer<AVPacket>) -> Int32 {
        while true {
            let code = unsafe av_read_frame(context, packet)
            if code != tl_error_again || waiting.isStopped || waiting.isLate { return code }
            av_usleep(2000)
        }
    }

    private mutating func note(_ seconds: Double) {
        silence += seconds
        waited += seconds
    }

    /// Throws if a live source has sent packets but no decodable frame for too long, counted in
    /// seconds of waiting since `start`.
    func checkFrameDeadline(since start: Double) throws(VideoError) {
        guard isLive, waited - start > deadlines.firstFrame else { return }
        throw VideoError(
            .timedOut,
            "Reading \(address.name): packets arrive, but no frame could be decoded from them in "
                + "\(Int(deadlines.firstFrame)) s. Check the camera's codec and key frame interval."
        )
    }

    private static func open(
        _ address: SourceAddress, _ options: ReaderOptions, _ waiting: InterruptGuard
    ) throws(VideoError) -> UnsafeMutablePointer<AVFormatContext> {
        FFmpegLog.capture()
        avdevice_register_all()
        try address.checkFile()
        waiting.allow(options.isLive || address.mayStall ? options.deadlines.open : nil)
        let format = try unsafe demuxer(named: options.format ?? address.format)
        var dictionary = FFmpegDictionary(settings(address, options))
        var context = unsafe avformat_alloc_context()
        unsafe context?.pointee.interrupt_callback = waiting.callback
        if address.isCamera { unsafe context?.pointee.flags |= AVFMT_FLAG_NONBLOCK }
        var code = unsafe avformat_open_input(&context, address.url, format, &dictionary.pointer)
        guard code >= 0, let opened = unsafe context else {
            throw openError(code < 0 ? code : tl_error_no_memory, address, waiting)
        }
        unsafe FFmpegLog.watch(opened)
        if unsafe refused.contains(text(opened.pointee.iformat.pointee.name)) {
            code = tl_error_invalid_data
        } else {
            code = unsafe avformat_find_stream_info(opened, nil)
        }
        // On interruption `avformat_find_stream_info` succeeds although nothing arrived.
        if code < 0 || waiting.isLate {
            unsafe FFmpegLog.forget(opened)
            unsafe avformat_close_input(&context)
            throw openError(code, address, waiting)
        }
        return unsafe opened
    }

    /// Formats by which FFmpeg would render a text file as video.
    private static let refused: Set<String> = ["tty", "bin", "xbin", "adf", "idf"]

    private static func demuxer(
        named name: String?
    ) throws(VideoError) -> UnsafePointer<AVInputFormat>? {
        guard let name else { return nil }
        guard let format = unsafe av_find_input_format(name) else {
            throw VideoError(.unsupported, "This FFmpeg has no input format named \(name).")
        }
        return unsafe format
    }

    private static func settings(
        _ address: SourceAddress, _ options: ReaderOptions
    ) -> [String: String] {
        var settings = options.formatOptions
        if !options.measuresRate { settings["fpsprobesize"] = settings["fpsprobesize"] ?? "0" }
        if address.url.lowercased().hasPrefix("rtmp") {
            // RTMP does not state its streams; FFmpeg would wait five seconds for audio that never
            // arrives.
            settings["analyzeduration"] = settings["analyzeduration"] ?? "1000000"
        }
        guard address.url.lowercased().hasPrefix("rtsp") else { return settings }
        let transport = options.transports.first == .udp ? "udp" : "tcp"
        settings["rtsp_transport"] = settings["rtsp_transport"] ?? transport
        // A large key frame arrives in one burst.
        settings["buffer_size"] = settings["buffer_size"] ?? "2097152"
        settings["allowed_media_types"] = settings["allowed_media_types"] ?? media(options)
        return settings
    }

    /// Media types requested from an RTSP camera.
    ///
    /// Unwanted audio costs bandwidth, and announced audio that never arrives delays opening by
    /// seconds.
    private static func media(_ options: ReaderOptions) -> String {
        let known: [StreamDescription.Kind] = [.audio, .subtitle, .data]
        let wanted = known.filter { options.packetKinds.contains($0) }.map(\.rawValue)
        return (["video"] + wanted).joined(separator: "+")
    }
}

/// Converts a C string; empty for nil.
func text(_ pointer: UnsafePointer<CChar>?) -> String {
    unsafe pointer.map { unsafe String(cString: $0) } ?? ""
}

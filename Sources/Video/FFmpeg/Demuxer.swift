internal import CFFmpeg

/// An opened source, as packets: owns FFmpeg's format context.
///
/// SAFETY of `@unchecked Sendable`: noncopyable, and the only owner of what its pointers lead to.
@safe struct Demuxer: ~Copyable, @unchecked Sendable {
    let context: UnsafeMutablePointer<AVFormatContext>
    let address: SourceAddress
    let waiting: InterruptGuard
    private let deadlines: ReaderOptions.Deadlines
    /// Whether the source happens while it is read.
    let isLive: Bool
    /// Whether it may keep us waiting, so that deadlines hold.
    private let mayStall: Bool
    /// The stream whose packets must keep coming.
    var watchedStream = -1
    private var hasVideo = false
    /// Seconds of waiting since the last packet of the pictures.
    private var silence = 0.0
    /// Seconds of waiting in all.
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

    /// Packets of the network that never came since the source was opened, or came too late to be used.
    var packetLoss: PacketLoss { unsafe FFmpegLog.packetLoss(of: context) }

    /// Pictures that have begun to come when FFmpeg hands one on, beside it.
    ///
    /// A parser looks for the end of each picture, which is where the next one begins; the reader of transport streams
    /// does the same before it.
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
    var streamCount: Int { unsafe Int(context.pointee.nb_streams) }

    func stream(_ index: Int) -> UnsafeMutablePointer<AVStream>? {
        unsafe tl_stream(context, Int32(index))
    }

    /// True for a single picture rather than a recording.
    var isImage: Bool {
        streamCount == 1 && (format == "image2" || format.hasSuffix("_pipe"))
    }

    /// Index of the stream that is to be decoded.
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

    /// The default stream first, then the one with most pixels; below zero for what is no video.
    private static func rank(_ stream: UnsafeMutablePointer<AVStream>) -> Int64 {
        let parameters = unsafe stream.pointee.codecpar.pointee
        let disposition = unsafe stream.pointee.disposition
        // A cover picture is not what people mean by video.
        guard unsafe parameters.codec_type == AVMEDIA_TYPE_VIDEO,
            disposition & AV_DISPOSITION_ATTACHED_PIC == 0
        else { return -1 }
        let pixels = unsafe Int64(parameters.width) * Int64(parameters.height)
        return pixels + (disposition & AV_DISPOSITION_DEFAULT != 0 ? Int64(1) << 62 : 0)
    }

    /// Reads the next packet: false at the end, an error where the source cannot go on.
    mutating func read(into packet: UnsafeMutablePointer<AVPacket>) throws(VideoError) -> Bool {
        let patience = hasVideo ? deadlines.betweenPackets : deadlines.firstFrame
        waiting.allow(mayStall ? patience - silence : nil)
        // What was said before explains nothing about what goes wrong now.
        FFmpegLog.capture()
        let start = av_gettime_relative()
        let code = unsafe readRetrying(packet)
        note(Double(av_gettime_relative() - start) / 1e6)
        if waiting.isStopped {
            // FFmpeg then hands on what it held of a picture, which may be half of it.
            unsafe av_packet_unref(packet)
            throw readError(tl_error_exit)
        }
        if unsafe code >= 0 && packet.pointee.stream_index == watchedStream {
            // When it is interrupted FFmpeg hands on the picture that it held: that ends no silence.
            if !waiting.isLate { silence = 0 }
            hasVideo = true
        } else if waiting.isLate {
            // Sound alone keeps nobody waiting for pictures.
            unsafe av_packet_unref(packet)
            throw readError(code)
        }
        if code == tl_error_end { return false }
        guard code >= 0 else { throw readError(code) }
        return true
    }

    /// Asks again while there is nothing yet, as devices say.
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

    /// Throws when packets of a live source have been coming for too long without one picture, since so many seconds of
    /// waiting.
    func checkFrameDeadline(since start: Double) throws(VideoError) {
        guard isLive, waited - start > deadlines.firstFrame else { return }
        throw VideoError(
            .timedOut,
            "Reading \(address.name): packets come, but no picture could be made of them in "
                + "\(Int(deadlines.firstFrame)) s. Check the camera's codec and key frame distance."
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
        var dictionary = unsafe Dictionary.from(settings(address, options))
        defer { unsafe av_dict_free(&dictionary) }
        var context = unsafe avformat_alloc_context()
        unsafe context?.pointee.interrupt_callback = waiting.callback
        if address.isCamera { unsafe context?.pointee.flags |= AVFMT_FLAG_NONBLOCK }
        var code = unsafe avformat_open_input(&context, address.url, format, &dictionary)
        guard code >= 0, let opened = unsafe context else {
            throw openError(code < 0 ? code : tl_error_no_memory, address, waiting)
        }
        unsafe FFmpegLog.watch(opened)
        if unsafe refused.contains(text(opened.pointee.iformat.pointee.name)) {
            code = tl_error_invalid_data
        } else {
            code = unsafe avformat_find_stream_info(opened, nil)
        }
        // FFmpeg is content with what it knows when it is interrupted here, but nothing came.
        if code < 0 || waiting.isLate {
            unsafe FFmpegLog.forget(opened)
            unsafe avformat_close_input(&context)
            throw openError(code, address, waiting)
        }
        return unsafe opened
    }

    /// Formats by which FFmpeg would draw a text file as a picture.
    private static let refused: Set<String> = ["tty", "bin", "xbin", "adf", "idf"]

    private static func demuxer(
        named name: String?
    ) throws(VideoError) -> UnsafePointer<AVInputFormat>? {
        guard let name else { return nil }
        guard let format = unsafe av_find_input_format(name) else {
            throw VideoError(.unsupported, "FFmpeg here knows no input format named \(name).")
        }
        return unsafe format
    }

    private static func settings(
        _ address: SourceAddress, _ options: ReaderOptions
    ) -> [String: String] {
        var settings = options.formatOptions
        if !options.measuresRate { settings["fpsprobesize"] = settings["fpsprobesize"] ?? "0" }
        if address.url.lowercased().hasPrefix("rtmp") {
            // Nothing says how many streams there are: FFmpeg would wait five seconds for a sound that never comes.
            settings["analyzeduration"] = settings["analyzeduration"] ?? "1000000"
        }
        guard address.url.lowercased().hasPrefix("rtsp") else { return settings }
        let transport = options.transport == .udp ? "udp" : "tcp"
        settings["rtsp_transport"] = settings["rtsp_transport"] ?? transport
        // A key frame of a large picture comes as one burst.
        settings["buffer_size"] = settings["buffer_size"] ?? "2097152"
        settings["allowed_media_types"] = settings["allowed_media_types"] ?? media(options)
        return settings
    }

    /// What an RTSP camera is asked for: a sound that nobody wants costs bandwidth, and one that was announced and never
    /// comes would delay the opening by seconds.
    private static func media(_ options: ReaderOptions) -> String {
        let known: [StreamDescription.Kind] = [.audio, .subtitle, .data]
        let wanted = known.filter { options.packetKinds.contains($0) }.map(\.rawValue)
        return (["video"] + wanted).joined(separator: "+")
    }
}

/// A C string as text; empty where there is none.
func text(_ pointer: UnsafePointer<CChar>?) -> String {
    unsafe pointer.map { unsafe String(cString: $0) } ?? ""
}

extension Dictionary<String, String> {
    /// What an FFmpeg dictionary holds.
    init(_ source: OpaquePointer?) {
        self.init()
        var entry: UnsafeMutablePointer<AVDictionaryEntry>?
        while let next = unsafe av_dict_get(source, "", entry, AV_DICT_IGNORE_SUFFIX) {
            unsafe self[text(next.pointee.key)] = unsafe text(next.pointee.value)
            unsafe entry = unsafe next
        }
    }

    /// An FFmpeg dictionary with these entries, which the caller frees.
    static func from(_ entries: [String: String]) -> OpaquePointer? {
        var dictionary: OpaquePointer?
        for (key, value) in entries { unsafe av_dict_set(&dictionary, key, value, 0) }
        return unsafe dictionary
    }
}

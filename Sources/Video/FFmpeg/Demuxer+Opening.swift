internal import CFFmpeg

/// Opening a source, and deciding whether it is live.
extension Demuxer {
    /// Decides whether an opened source is live.
    ///
    /// An HTTP address may be a camera or a recording, whatever its file name extension. A
    /// recording has a duration, the end of its playlist, or a length.
    static func isLive(
        _ context: UnsafeMutablePointer<AVFormatContext>, _ address: SourceAddress,
        _ kind: SourceKind
    ) -> Bool {
        guard kind == .auto else { return kind == .live }
        guard address.isWeb else { return address.isLive }
        let isGuess =
            unsafe context.pointee.duration_estimation_method == AVFMT_DURATION_FROM_BITRATE
        let duration = unsafe context.pointee.duration
        if duration != tl_no_timestamp && duration > 0 && !isGuess { return false }
        // The length of a playlist says nothing about its content.
        if ["hls", "dash"].contains(unsafe text(context.pointee.iformat.pointee.name)) {
            return true
        }
        if unsafe text(context.pointee.iformat.pointee.name) == "mpjpeg" { return true }
        guard let io = unsafe context.pointee.pb else { return true }
        return unsafe io.pointee.seekable == 0 && avio_size(io) <= 0
    }

    static func open(
        _ address: SourceAddress, _ options: ReaderOptions, _ waiting: InterruptGuard
    ) throws(VideoError) -> Opened {
        FFmpegLog.capture()
        avdevice_register_all()
        try address.checkFile()
        waiting.allow(options.isLive || address.mayStall ? options.deadlines.open : nil)
        let format = try unsafe demuxer(named: options.format ?? address.format)
        var context: UnsafeMutablePointer<AVFormatContext>?
        var hasRefusedSound = false
        var code = unsafe open(&context, address, options, waiting, format)
        if code == tl_error_invalid_data, unsafe format == nil,
            isMultipart(address, options, waiting)
        {
            // Some cameras leave out the boundary before the first part.
            unsafe code = open(&context, address, options, waiting, av_find_input_format("mjpeg"))
        }
        if refusesAStream.contains(code), address.isRTSP, options.packetKinds.contains(.audio) {
            // A camera's loudspeaker, say, is announced like sound, but refused.
            hasRefusedSound = true
            var fewer = options
            fewer.packetKinds = []
            unsafe code = open(&context, address, fewer, waiting, format)
        }
        let refusesToPlay = code == tl_error_http_other && address.isRTSP
        if refusesToPlay, FFmpegLog.lastLine?.contains("method PLAY failed") == true {
            // A camera with sound only has no stream to play: with the sound, it is known as such.
            var more = options
            more.packetKinds = [.audio]
            unsafe code = open(&context, address, more, waiting, format)
            if code >= 0, unsafe hasVideo(context) {
                unsafe avformat_close_input(&context)
                code = tl_error_http_other
            }
        }
        guard code >= 0, let opened = unsafe context else {
            throw openError(code < 0 ? code : tl_error_no_memory, address, waiting)
        }
        unsafe FFmpegLog.watch(opened)
        if unsafe refused.contains(text(opened.pointee.iformat.pointee.name)) {
            code = tl_error_invalid_data
        } else {
            // Their rate cannot be measured, and a slow camera would be read for many seconds.
            if unsafe hasNoTimestamps(opened) { unsafe opened.pointee.fps_probe_size = 0 }
            // An image tells everything; more of them would be awaited for seconds.
            if unsafe text(opened.pointee.iformat.pointee.name).hasSuffix("_pipe") {
                unsafe opened.pointee.max_analyze_duration = 1
            }
            code = unsafe avformat_find_stream_info(opened, nil)
        }
        // On interruption `avformat_find_stream_info` succeeds although nothing arrived.
        if code < 0 || waiting.isLate || waiting.network?.isRefused == true {
            unsafe FFmpegLog.forget(opened)
            unsafe avformat_close_input(&context)
            throw openError(code, address, waiting)
        }
        return unsafe Opened(context: opened, hasRefusedSound: hasRefusedSound)
    }

    private static func hasVideo(_ context: UnsafeMutablePointer<AVFormatContext>?) -> Bool {
        guard let context = unsafe context else { return false }
        return unsafe av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0) >= 0
    }

    /// Errors of a camera that refuses to set up one of its streams.
    private static let refusesAStream: Set<Int32> = [
        tl_error_invalid_data, tl_error_http_bad_request, tl_error_http_forbidden,
        tl_error_http_other, tl_error_http_server,
    ]

    private static func open(
        _ context: inout UnsafeMutablePointer<AVFormatContext>?, _ address: SourceAddress,
        _ options: ReaderOptions, _ waiting: InterruptGuard,
        _ format: UnsafePointer<AVInputFormat>?
    ) -> Int32 {
        var dictionary = FFmpegDictionary(settings(address, options))
        unsafe context = avformat_alloc_context()
        unsafe context?.pointee.interrupt_callback = waiting.callback
        if let opened = unsafe context, let network = waiting.network {
            unsafe NetworkIO.install(network, on: opened)
        }
        if address.isCamera { unsafe context?.pointee.flags |= AVFMT_FLAG_NONBLOCK }
        return unsafe avformat_open_input(&context, address.url, format, &dictionary.pointer)
    }

    /// True for an HTTP address that answers with images in parts.
    private static func isMultipart(
        _ address: SourceAddress, _ options: ReaderOptions, _ waiting: InterruptGuard
    ) -> Bool {
        guard address.isWeb else { return false }
        var dictionary = FFmpegDictionary(settings(address, options))
        var callback = unsafe waiting.callback
        var io: UnsafeMutablePointer<AVIOContext>?
        guard
            unsafe avio_open2(&io, address.url, AVIO_FLAG_READ, &callback, &dictionary.pointer)
                >= 0
        else { return false }
        defer { unsafe avio_closep(&io) }
        var type: UnsafeMutablePointer<UInt8>?
        defer { unsafe av_free(type) }
        guard unsafe av_opt_get(io, "mime_type", AV_OPT_SEARCH_CHILDREN, &type) >= 0,
            let found = unsafe type
        else { return false }
        return unsafe String(cString: found).lowercased().hasPrefix("multipart/")
    }

    /// Opened source.
    @safe struct Opened {
        let context: UnsafeMutablePointer<AVFormatContext>
        let hasRefusedSound: Bool
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
        settings.merge(address.isNetwork ? NetworkIO.options : [:]) { given, _ in given }
        settings["format_whitelist"] =
            options.format == nil ? ReferringFormats.whitelist(for: address) : nil
        if let rate = options.rate { settings["framerate"] = settings["framerate"] ?? "\(rate)" }
        if !options.measuresRate { settings["fpsprobesize"] = settings["fpsprobesize"] ?? "0" }
        if address.url.lowercased().hasPrefix("rtmp") {
            // RTMP does not state its streams; FFmpeg would wait five seconds for audio that never
            // arrives.
            settings["analyzeduration"] = settings["analyzeduration"] ?? "1000000"
        }
        guard address.isRTSP else { return settings }
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

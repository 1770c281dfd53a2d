internal import CFFmpeg

/// Demuxer: owns an `AVFormatContext`.
///
/// SAFETY of `@unchecked Sendable`: noncopyable, and the only owner of the memory behind its
/// pointers.
@safe struct Demuxer: ~Copyable, @unchecked Sendable {
    let context: UnsafeMutablePointer<AVFormatContext>
    let address: SourceAddress
    let waiting: InterruptGuard
    let network: NetworkGuard?
    private let deadlines: ReaderOptions.Deadlines
    /// True if a camera announced sound and refused to send it.
    private let hasRefusedSound: Bool
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
        let opened = try Self.follow(address, options, waiting)
        unsafe context = unsafe opened.context
        self.address = opened.address
        network = opened.network
        hasRefusedSound = opened.hasRefusedSound
        self.waiting = waiting
        isLive = unsafe Self.isLive(context, opened.address, options.kind)
        mayStall = options.isLive || address.mayStall
        deadlines = options.deadlines
    }

    deinit {
        var context: UnsafeMutablePointer<AVFormatContext>? = unsafe context
        waiting.allow(mayStall ? deadlines.close : nil)
        unsafe FFmpegLog.forget(self.context)
        unsafe avformat_close_input(&context)
        if let network { NetworkIO.forget(network) }
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
        streamCount == 1 && !isLive && (format == "image2" || format.hasSuffix("_pipe"))
    }

    /// Indices of the video streams, in order.
    var videoStreams: [Int] { (0..<streamCount).filter { rank($0) >= 0 } }

    /// Chooses the video stream to decode and returns its index; `number` counts from 1.
    func videoStream(_ number: Int?) throws(VideoError) -> Int {
        let streams = videoStreams
        guard let first = streams.first else { throw noVideo }
        guard let number else {
            return streams.reduce(first) { rank($1) > rank($0) ? $1 : $0 }
        }
        guard streams.indices.contains(number - 1) else {
            throw VideoError(
                .unsupported,
                "Reading \(address.name): it has no video stream \(number), but "
                    + "\(pluralized(streams.count, "video stream", "video streams")).")
        }
        return streams[number - 1]
    }

    private func rank(_ index: Int) -> Int64 {
        unsafe stream(index).map { unsafe Self.rank($0) } ?? -1
    }

    /// Note of several video streams that says which one is watched; nil for one.
    func choiceNote(_ watched: Int) -> String? {
        let streams = videoStreams
        guard streams.count > 1, let number = streams.firstIndex(of: watched) else { return nil }
        let names = streams.enumerated().compactMap { place, index in
            unsafe stream(index).map { stream in
                let parameters = unsafe stream.pointee.codecpar.pointee
                let codec = unsafe text(avcodec_get_name(parameters.codec_id))
                return unsafe "\(place + 1) (\(codec) \(parameters.width)x\(parameters.height))"
            }
        }
        return "The source has \(streams.count) video streams, \(names.joined(separator: ", ")): "
            + "\(number + 1) is watched; --video-stream chooses another, or all."
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
        network?.beginCall()
        let code = try NetworkLog.under(network) { unsafe readRetrying(packet) }
        addSilence(Double(av_gettime_relative() - start) / 1e6)
        if waiting.isStopped || network?.isRefused == true {
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

    private mutating func addSilence(_ seconds: Double) {
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

    /// True for a source without timestamps, whose frames are stamped with their arrival.
    var usesArrival: Bool { isLive && hasNoTimestamps }

    /// Note of sound that a camera announced and refused; nil if it did not.
    var refusedSound: String? {
        hasRefusedSound ? "The camera refuses to send the sound it announces; it is left out." : nil
    }

    /// Note of the frame rate that takes the place of timestamps; nil if none is needed.
    func guessedRate(_ nominal: Ratio, _ options: ReaderOptions) -> String? {
        guard hasNoTimestamps, !isLive, !isImage, options.rate == nil else { return nil }
        let rate = fixed(nominal.value > 0 ? nominal.value : 25, 2)
        return "The source has no timestamps: \(rate) frames per second are assumed; "
            + "--rate sets another."
    }

    /// True for formats without timestamps: raw streams and parts of JPEG images.
    var hasNoTimestamps: Bool { unsafe Self.hasNoTimestamps(context) }

    static func hasNoTimestamps(_ context: UnsafeMutablePointer<AVFormatContext>) -> Bool {
        let name = unsafe text(context.pointee.iformat.pointee.name)
        return unsafe context.pointee.iformat.pointee.flags & AVFMT_NOTIMESTAMPS != 0
            || name.hasSuffix("_pipe") || rawFormats.contains(name)
    }

    /// Raw streams that FFmpeg does not mark.
    private static let rawFormats: Set<String> = [
        "h264", "hevc", "vvc", "m4v", "mpegvideo", "h263", "h261", "vc1", "obu", "cavsvideo",
        "dirac",
    ]
}

/// Converts a C string; empty for nil.
func text(_ pointer: UnsafePointer<CChar>?) -> String {
    unsafe pointer.map { unsafe String(cString: $0) } ?? ""
}

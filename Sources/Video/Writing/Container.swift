internal import CFFmpeg

/// Output container, chosen by the file extension.
enum Container: String, CaseIterable {
    case mp4
    case mov
    case mkv

    /// Container of a path.
    init(path: String) throws(VideoError) {
        let name = path.split(separator: "/").last ?? ""
        let dot = name.lastIndex(of: ".")
        let ending = dot.map { name[name.index(after: $0)...].lowercased() } ?? ""
        guard let container = Container(rawValue: ending) else {
            let given = ending.isEmpty ? "has no extension" : "ends in .\(ending)"
            throw VideoError(
                .unsupported,
                "Writing \(path): the name \(given), but video is written as .mp4, .mov or .mkv.")
        }
        self = container
    }

    /// FFmpeg's name of the muxer.
    var muxer: String { self == .mkv ? "matroska" : rawValue }

    /// True for ISO base media files, in which each track has its own time scale.
    var isMovie: Bool { self != .mkv }

    /// Asks the muxer whether it can hold a stream, by writing a header to memory.
    ///
    /// FFmpeg's mov muxer accepts audio codecs without a mov tag, which no player can read. It also
    /// accepts two kinds of ADPCM that fail at the first packet.
    func canHold(
        _ parameters: UnsafePointer<AVCodecParameters>, timeBase: Ratio,
        metadata: [String: String] = [:]
    ) -> Bool {
        var context: UnsafeMutablePointer<AVFormatContext>?
        unsafe avformat_alloc_output_context2(&context, nil, muxer, nil)
        defer { unsafe avformat_free_context(context) }
        guard let trial = unsafe context, let stream = unsafe avformat_new_stream(trial, nil),
            unsafe avcodec_parameters_copy(stream.pointee.codecpar, parameters) >= 0
        else { return false }
        unsafe stream.pointee.codecpar.pointee.codec_tag = tag(of: parameters)
        unsafe stream.pointee.time_base = timeBase.rational
        unsafe stream.pointee.metadata = FFmpegDictionary(metadata).release()
        if self == .mov, unsafe !isReadable(parameters, inMovie: trial) { return false }
        if self == .mp4, unsafe isPCM(parameters) { return false }
        guard unsafe avio_open_dyn_buf(&trial.pointee.pb) >= 0 else { return false }
        defer {
            var bytes: UnsafeMutablePointer<UInt8>?
            unsafe avio_close_dyn_buf(trial.pointee.pb, &bytes)
            unsafe av_free(bytes)
        }
        return unsafe avformat_write_header(trial, nil) >= 0
    }

    private static let hvc1: UInt32 = 0x3163_7668  // "hvc1", first letter lowest
    private static let hev1: UInt32 = 0x3176_6568  // "hev1"

    private func isReadable(
        _ parameters: UnsafePointer<AVCodecParameters>,
        inMovie trial: UnsafeMutablePointer<AVFormatContext>
    ) -> Bool {
        guard unsafe parameters.pointee.codec_type == AVMEDIA_TYPE_AUDIO else { return true }
        let codec = unsafe parameters.pointee.codec_id
        return unsafe ![AV_CODEC_ID_ADPCM_MS, AV_CODEC_ID_ADPCM_IMA_WAV].contains(codec)
            && avformat_query_codec(trial.pointee.oformat, codec, FF_COMPLIANCE_NORMAL) == 1
    }

    /// PCM in MP4 (ISO/IEC 23003-5), which FFmpeg writes since 6.1 and few players read: it is refused in every version.
    private func isPCM(_ parameters: UnsafePointer<AVCodecParameters>) -> Bool {
        unsafe String(cString: avcodec_get_name(parameters.pointee.codec_id)).hasPrefix("pcm_")
    }

    /// Codec tag of the source if it means the same codec in this container; 0 for the muxer's
    /// default.
    func tag(of parameters: UnsafePointer<AVCodecParameters>) -> UInt32 {
        guard let format = unsafe av_guess_format(muxer, nil, nil) else { return 0 }
        let known = unsafe format.pointee.codec_tag
        let tag = unsafe parameters.pointee.codec_tag
        let codec = unsafe parameters.pointee.codec_id
        // Apple's players read HEVC only by the tag that puts parameter sets out of band.
        if unsafe isMovie && tag != Self.hev1 && codec == AV_CODEC_ID_HEVC
            && parameters.pointee.extradata_size > 0
        {
            return Self.hvc1
        }
        guard let known = unsafe known else { return tag }
        if unsafe av_codec_get_id(known, tag) == codec { return tag }
        var other: UInt32 = 0
        return unsafe av_codec_get_tag2(known, codec, &other) == 0 ? tag : 0
    }
}

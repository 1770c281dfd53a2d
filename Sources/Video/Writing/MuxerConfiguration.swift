internal import CFFmpeg

/// Configuration of a muxer, used for the fragmented file and for the plain one.
struct MuxerConfiguration {
    var container: Container
    var streams: [MuxStream]
    var metadata: [String: String]
    var chapters: [Chapter]
}

/// Output stream.
struct MuxStream {
    var parameters: CodecParameters
    var timeBase: Ratio
    var metadata: [String: String] = [:]
    var disposition: Int32 = 0
    var rate = Ratio(0, 1)

    var kind: AVMediaType { unsafe parameters.pointer.pointee.codec_type }
    /// True for cover art: a single packet without timing.
    var isCover: Bool {
        disposition & AV_DISPOSITION_ATTACHED_PIC != 0 && kind == AVMEDIA_TYPE_VIDEO
    }
    /// True for streams with packets and timing, unlike cover art and fonts.
    var isTrack: Bool { !isCover && kind != AVMEDIA_TYPE_ATTACHMENT }
    /// True if packets are kept in memory for the plain file.
    ///
    /// Cover art is no track, and FFmpeg cuts mp4 text at the end of each fragment. Both are few
    /// and small.
    var isRetained: Bool {
        unsafe isCover || parameters.pointer.pointee.codec_id == AV_CODEC_ID_MOV_TEXT
    }
    var sampleRate: Int { Int(unsafe parameters.pointer.pointee.sample_rate) }
}

extension MuxerConfiguration {
    /// Ticks per second that represent all video timestamps exactly.
    var videoTimescale: Int {
        let bases = streams.filter { $0.kind == AVMEDIA_TYPE_VIDEO && !$0.isCover }
            .map(\.timeBase.denominator)
        return leastCommonMultiple(bases) ?? bases.first ?? 1000
    }

    /// Flag for metadata keys with dots (`com.apple.quicktime.make`), which need the form of
    /// Apple's cameras.
    var metadataFlag: String {
        metadata.keys.contains { $0.contains(".") } ? "+use_metadata_tags" : ""
    }

    /// Coarsest time scale of the movie in which all start offsets are exact.
    func movieTimescale(starts: [Timestamp]) -> Int {
        let clocks = streams.filter { $0.kind == AVMEDIA_TYPE_AUDIO }.map(\.sampleRate)
        let finest = leastCommonMultiple([videoTimescale] + clocks) ?? videoTimescale
        let candidates = [1000, videoTimescale, finest]
        return candidates.first { scale in
            starts.allSatisfy { start in
                let (ticks, overflow) = start.ticks.multipliedReportingOverflow(
                    by: Int64(start.timeBase.numerator * scale))
                return !overflow && ticks % Int64(start.timeBase.denominator) == 0
            }
        } ?? finest
    }

    /// Least common multiple; nil beyond the format's 31 bits.
    private func leastCommonMultiple(_ numbers: [Int]) -> Int? {
        var result = 1
        for number in numbers where number > 0 {
            result = result / Int(av_gcd(Int64(result), Int64(number))) * number
            if result > Int(Int32.max) { return nil }
        }
        return result
    }
}

extension CodecParameters {
    /// Copies `source` with another codec header, and another frame size if given.
    convenience init(
        copying source: UnsafePointer<AVCodecParameters>, header: UnsafeBufferPointer<UInt8>,
        size: (width: Int32, height: Int32)? = nil
    ) throws(VideoError) {
        try unsafe self.init(copying: source)
        if let size {
            unsafe pointer.pointee.width = size.width
            unsafe pointer.pointee.height = size.height
        }
        let padded = header.count + Int(AV_INPUT_BUFFER_PADDING_SIZE)
        guard let memory = unsafe av_mallocz(padded), let start = header.baseAddress else {
            throw VideoError(.other, "Copying a stream's parameters: out of memory.")
        }
        unsafe memory.copyMemory(from: start, byteCount: header.count)
        unsafe av_freep(&pointer.pointee.extradata)
        unsafe pointer.pointee.extradata = memory.assumingMemoryBound(to: UInt8.self)
        unsafe pointer.pointee.extradata_size = Int32(header.count)
    }
}

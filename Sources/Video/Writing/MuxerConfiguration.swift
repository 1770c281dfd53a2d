internal import CFFmpeg

/// Everything a muxer is told before its first packet; used twice, for the growing file and for the plain one.
struct MuxerConfiguration {
    var container: Container
    var streams: [MuxStream]
    var metadata: [String: String]
    var chapters: [Chapter]
}

/// One stream of an output.
struct MuxStream {
    var parameters: CodecParameters
    var timeBase: Ratio
    var metadata: [String: String] = [:]
    var disposition: Int32 = 0
    var rate = Ratio(0, 1)

    var kind: AVMediaType { unsafe parameters.pointer.pointee.codec_type }
    /// A cover picture: one packet, outside all clocks.
    var isCover: Bool {
        disposition & AV_DISPOSITION_ATTACHED_PIC != 0 && kind == AVMEDIA_TYPE_VIDEO
    }
    /// It has packets and a clock of its own; covers and attached fonts have not.
    var isTrack: Bool { !isCover && kind != AVMEDIA_TYPE_ATTACHMENT }
    /// Its packets are kept in memory for the plain file.
    ///
    /// That is for covers, which are no tracks, and texts of mp4, which FFmpeg cuts at each
    /// fragment's end. Both are few and small.
    var isRetained: Bool {
        unsafe isCover || parameters.pointer.pointee.codec_id == AV_CODEC_ID_MOV_TEXT
    }
    var sampleRate: Int { Int(unsafe parameters.pointer.pointee.sample_rate) }
}

extension MuxerConfiguration {
    /// Ticks per second that hold every picture's stamp exactly.
    var videoTimescale: Int {
        let bases = streams.filter { $0.kind == AVMEDIA_TYPE_VIDEO && !$0.isCover }
            .map(\.timeBase.denominator)
        return leastCommonMultiple(bases) ?? bases.first ?? 1000
    }

    /// Keys with dots (`com.apple.quicktime.make`) have a place only in the form that Apple's cameras use.
    var metadataFlag: String {
        metadata.keys.contains { $0.contains(".") } ? "+use_metadata_tags" : ""
    }

    /// The coarsest clock of the whole file in which all start offsets of its tracks are exact.
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

    /// The least common multiple, where it fits the format's 31 bits.
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
    /// A copy of `source` with another codec header, and another size of the picture where one is given.
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

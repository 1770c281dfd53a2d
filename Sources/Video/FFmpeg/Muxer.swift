internal import CFFmpeg
internal import Glibc

/// Muxer: owns the `AVFormatContext` of an output file.
@safe final class Muxer {
    private let context: UnsafeMutablePointer<AVFormatContext>
    private let name: String
    private let ownsIO: Bool
    private var lastTicks: [Int64]
    private let isMatroska: Bool
    private(set) var isOpen = false
    /// Packets whose timestamps did not increase and were moved by a tick.
    private(set) var repaired = 0
    /// Packets written to each stream.
    private(set) var counts: [Int]

    /// Creates a muxer that writes through `io`, or to the path if it is nil.
    init(_ configuration: MuxerConfiguration, path: String, io: UnsafeMutablePointer<AVIOContext>?)
        throws(VideoError)
    {
        var created: UnsafeMutablePointer<AVFormatContext>?
        try unsafe check(
            avformat_alloc_output_context2(&created, nil, configuration.container.muxer, path),
            "Writing \(path)")
        guard let context = unsafe created else {
            throw VideoError(.other, "Writing \(path): out of memory.")
        }
        unsafe self.context = unsafe context
        name = path
        ownsIO = unsafe io == nil
        isMatroska = configuration.container == .mkv
        lastTicks = Array(repeating: Int64.min, count: configuration.streams.count)
        counts = Array(repeating: 0, count: configuration.streams.count)
        unsafe context.pointee.avoid_negative_ts = Int32(AVFMT_AVOID_NEG_TS_DISABLED)
        unsafe context.pointee.metadata = FFmpegDictionary(configuration.metadata).release()
        for stream in configuration.streams { try add(stream, to: configuration.container) }
        try add(configuration.chapters)
        if let io = unsafe io {
            unsafe context.pointee.pb = unsafe io
            unsafe context.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
        } else {
            let code = unsafe avio_open(&context.pointee.pb, path, AVIO_FLAG_WRITE)
            guard code >= 0 else { throw outputError(code, "Writing \(path)") }
        }
    }

    deinit {
        if ownsIO { unsafe avio_closep(&context.pointee.pb) }
        unsafe avformat_free_context(context)
    }

    private func add(_ stream: MuxStream, to container: Container) throws(VideoError) {
        guard let added = unsafe avformat_new_stream(context, nil) else {
            throw VideoError(.other, "Writing \(name): out of memory.")
        }
        try unsafe check(
            avcodec_parameters_copy(added.pointee.codecpar, stream.parameters.pointer),
            "Writing \(name)")
        unsafe added.pointee.codecpar.pointee.codec_tag =
            container.tag(of: stream.parameters.pointer)
        unsafe added.pointee.time_base = stream.timeBase.rational
        unsafe added.pointee.disposition = stream.disposition
        unsafe added.pointee.metadata = FFmpegDictionary(stream.metadata).release()
        unsafe added.pointee.avg_frame_rate = stream.rate.rational
        unsafe added.pointee.sample_aspect_ratio =
            stream.parameters.pointer.pointee.sample_aspect_ratio
    }

    private func add(_ chapters: [Chapter]) throws(VideoError) {
        guard !chapters.isEmpty else { return }
        let stride = unsafe MemoryLayout<UnsafeMutablePointer<AVChapter>?>.stride
        guard let list = unsafe av_calloc(chapters.count, stride) else { return }
        let entries = unsafe list.assumingMemoryBound(to: UnsafeMutablePointer<AVChapter>?.self)
        unsafe context.pointee.chapters = unsafe entries
        for (index, chapter) in chapters.enumerated() {
            guard let memory = unsafe av_mallocz(MemoryLayout<AVChapter>.size) else { return }
            let entry = unsafe memory.assumingMemoryBound(to: AVChapter.self)
            unsafe entry.pointee.id = Int64(index + 1)
            unsafe entry.pointee.time_base = chapter.start.timeBase.rational
            unsafe entry.pointee.start = chapter.start.ticks
            unsafe entry.pointee.end = chapter.end.rescaled(to: chapter.start.timeBase).ticks
            unsafe entry.pointee.metadata = FFmpegDictionary(chapter.metadata).release()
            unsafe entries[index] = unsafe entry
            unsafe context.pointee.nb_chapters += 1
        }
    }

    /// Writes the header; from then on ``timeBase(of:)`` is the container's.
    func open(_ options: [String: String]) throws(VideoError) {
        var settings = FFmpegDictionary(options)
        let code = unsafe avformat_write_header(context, &settings.pointer)
        guard code >= 0 else { throw outputError(code, "Writing the header of \(name)") }
        isOpen = true
    }

    /// Time base of a stream in the file, in seconds per tick.
    func timeBase(of stream: Int) -> Ratio {
        Ratio(unsafe tl_stream(context, Int32(stream)).pointee.time_base)
    }

    /// Ticks that a demuxer of this file subtracts from a stream's timestamps.
    ///
    /// Matroska's Opus timestamps include the encoder delay. FFmpeg's demuxer subtracts it, but its
    /// muxer does not add it.
    private func delay(of stream: UnsafeMutablePointer<AVStream>) -> Int64 {
        let audio = unsafe stream.pointee.codecpar.pointee
        guard isMatroska, unsafe audio.codec_id == AV_CODEC_ID_OPUS else { return 0 }
        let clock = AVRational(num: 1, den: 48000)
        return unsafe av_rescale_q(Int64(audio.initial_padding), clock, stream.pointee.time_base)
    }

    /// Writes a packet whose timestamps are in the stream's time base; consumes its content.
    ///
    /// Timestamps that do not increase are moved up by a tick, as containers require.
    func write(_ packet: UnsafeMutablePointer<AVPacket>, stream: Int) throws(VideoError) {
        unsafe packet.pointee.stream_index = Int32(stream)
        unsafe packet.pointee.pos = -1
        let view = unsafe PacketView(packet)
        if let dts = view.dts {
            let delay = unsafe delay(of: tl_stream(context, Int32(stream)))
            var ticks = dts.adding(delay)
            let last = lastTicks[stream]
            if last != Int64.min, ticks <= last {
                ticks = last.adding(1)
                repaired += 1
            }
            view.dts = ticks
            view.pts = max(view.pts?.adding(delay) ?? ticks, ticks)
            lastTicks[stream] = ticks
        }
        let code = unsafe av_write_frame(context, packet)
        guard code >= 0 else { throw outputError(code, "Writing \(name)") }
        counts[stream] += 1
    }

    /// Ends a fragment.
    ///
    /// FFmpeg's muxer does not return an error of writing it; the caller checks the bytes. The flag
    /// makes the next fragment start at its own timestamps; without it FFmpeg moves them to the sum
    /// of all earlier durations.
    func flush() throws(VideoError) {
        let code = unsafe av_write_frame(context, nil)
        guard code >= 0 else { throw outputError(code, "Writing \(name)") }
        unsafe av_opt_set(context, "movflags", "+frag_discont", AV_OPT_SEARCH_CHILDREN)
    }

    /// Writes the trailer.
    func close() throws(VideoError) {
        isOpen = false
        let code = unsafe av_write_trailer(context)
        guard code >= 0 else { throw outputError(code, "Finishing \(name)") }
        guard ownsIO else { return }
        let closed = unsafe avio_closep(&context.pointee.pb)
        guard closed >= 0 else { throw outputError(closed, "Finishing \(name)") }
    }
}

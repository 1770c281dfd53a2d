internal import CFFmpeg

/// Re-encodes audio to AAC with sample-accurate timing.
///
/// A class because a writer keeps several in a dictionary.
@safe final class AudioTranscoder {
    private var decoder: UnsafeMutablePointer<AVCodecContext>
    private let encoder: UnsafeMutablePointer<AVCodecContext>
    private let fifo: OpaquePointer
    private var resampler: OpaquePointer?
    private var sourceBase: Ratio
    private var name: String
    /// Timestamp, in samples, of the next samples for the encoder.
    private var encoded: Int64?
    /// Timestamp, in samples, of the next samples for the queue.
    private var queued: Int64?
    private let finished = PacketQueue()

    /// Deviation in seconds between timestamps and the sample count that is ignored.
    private static let tolerance = 0.03
    /// Longest gap in seconds that is filled with silence.
    private static let longestSilence = 10.0

    init(_ source: StreamDescription) throws(VideoError) {
        name = source.codec
        sourceBase = source.timeBase
        unsafe decoder = try AudioCodecs.openDecoder(source)
        do {
            unsafe encoder = try AudioCodecs.openEncoder(for: decoder)
        } catch {
            unsafe AudioCodecs.free(decoder)
            throw error
        }
        let channels = unsafe encoder.pointee.ch_layout.nb_channels
        guard let fifo = unsafe av_audio_fifo_alloc(encoder.pointee.sample_fmt, channels, 8192)
        else {
            unsafe AudioCodecs.free(decoder)
            unsafe AudioCodecs.free(encoder)
            throw VideoError(.other, "Encoding audio: out of memory.")
        }
        unsafe self.fifo = unsafe fifo
        unsafe resampler = nil
    }

    deinit {
        unsafe AudioCodecs.free(decoder)
        unsafe AudioCodecs.free(encoder)
        unsafe av_audio_fifo_free(fifo)
        unsafe swr_free(&resampler)
    }

    /// Output stream of the packets from ``next()``.
    func stream(like source: StreamDescription) throws(VideoError) -> MuxStream {
        var parameters = unsafe avcodec_parameters_alloc()
        defer { unsafe avcodec_parameters_free(&parameters) }
        guard let filled = unsafe parameters,
            unsafe avcodec_parameters_from_context(filled, encoder) >= 0
        else { throw VideoError(.other, "Encoding audio: out of memory.") }
        return MuxStream(
            parameters: try unsafe CodecParameters(copying: filled), timeBase: timeBase,
            metadata: Metadata.ofStream(source.metadata, isEncoded: true),
            disposition: source.disposition)
    }

    /// Note about channels that are mixed into fewer; nil if none are.
    var mixNote: String? {
        guard unsafe encoder.pointee.ch_layout.nb_channels < decoder.pointee.ch_layout.nb_channels
        else { return nil }
        return unsafe "The audio was mixed from \(AudioCodecs.layout(decoder)) to "
            + "\(AudioCodecs.layout(encoder)), the most that the AAC encoder takes."
    }

    private var rate: Int { Int(unsafe encoder.pointee.sample_rate) }
    /// Seconds per tick of encoded packets.
    var timeBase: Ratio { Ratio(1, rate) }

    /// Decodes and encodes a packet, nil at the end; damaged packets become silence.
    func send(_ packet: UnsafePointer<AVPacket>?) throws(VideoError) {
        guard unsafe avcodec_send_packet(decoder, packet) >= 0 else { return }
        var frame = unsafe av_frame_alloc()
        defer { unsafe av_frame_free(&frame) }
        guard let frame = unsafe frame else { return }
        while unsafe avcodec_receive_frame(decoder, frame) >= 0 {
            try unsafe queue(frame)
            unsafe av_frame_unref(frame)
            try encode(all: false)
        }
    }

    /// Continues with the audio of another source.
    func change(to source: StreamDescription) throws(VideoError) {
        try unsafe send(nil)
        let next = try unsafe AudioCodecs.openDecoder(source)
        unsafe AudioCodecs.free(decoder)
        unsafe decoder = unsafe next
        sourceBase = source.timeBase
        name = source.codec
    }

    /// Flushes decoder and encoder.
    func end() throws(VideoError) {
        try unsafe send(nil)
        try encode(all: true)
        unsafe avcodec_send_frame(encoder, nil)
        try collect()
    }

    /// Oldest encoded packet, owned by the caller; nil if there is none.
    func next() -> UnsafeMutablePointer<AVPacket>? {
        unsafe finished.removeFirst()?.pointer
    }

    private func queue(_ frame: UnsafeMutablePointer<AVFrame>) throws(VideoError) {
        let converted = try unsafe convert(frame)
        var owned: UnsafeMutablePointer<AVFrame>? = unsafe converted
        defer { unsafe av_frame_free(&owned) }
        let skip = try align(to: unsafe frame.pointee.best_effort_timestamp)
        unsafe add(converted, skipping: skip)
    }

    /// Fills a gap before `timestamp` with silence; returns the number of overlapping samples to
    /// skip.
    private func align(to timestamp: Int64) throws(VideoError) -> Int {
        let start = av_rescale_q(timestamp, sourceBase.rational, timeBase.rational)
        guard timestamp != tl_no_timestamp, start.magnitude < Int64.farthestTicks.magnitude else {
            return 0
        }
        guard let expected = queued else {
            queued = start
            encoded = start
            return 0
        }
        let gap = start - expected
        let seconds = Double(gap.magnitude) / Double(rate)
        // A jump of more than a day is implausible.
        guard seconds > Self.tolerance, seconds <= 86400 else { return 0 }
        guard gap > 0 else { return Int(-gap) }
        if seconds <= Self.longestSilence { try addSilence(gap) } else { try jump(to: start) }
        return 0
    }

    /// Leaves a gap between the packets' timestamps, because a long silence would waste space.
    private func jump(to start: Int64) throws(VideoError) {
        let waiting = unsafe av_audio_fifo_size(fifo)
        if waiting > 0 { try addSilence(Int64(unsafe encoder.pointee.frame_size - waiting)) }
        queued = start
        encoded = start
    }

    private func add(_ frame: UnsafeMutablePointer<AVFrame>, skipping: Int) {
        let count = Int(unsafe frame.pointee.nb_samples) - skipping
        guard count > 0 else { return }
        var planes = unsafe planes(of: frame, skipping: skipping)
        unsafe av_audio_fifo_write(fifo, &planes, Int32(count))
        queued = (queued ?? 0) + Int64(count)
        encoded = encoded ?? 0
    }

    /// Start of each channel's samples after `skipping`.
    private func planes(
        of frame: UnsafePointer<AVFrame>, skipping: Int
    ) -> [UnsafeMutableRawPointer?] {
        var planes: [UnsafeMutableRawPointer?] = unsafe []
        for channel in 0..<Int(unsafe frame.pointee.ch_layout.nb_channels) {
            let start = unsafe frame.pointee.extended_data[channel]
            let bytes = skipping * MemoryLayout<Float>.size
            unsafe planes.append(UnsafeMutableRawPointer(start)?.advanced(by: bytes))
        }
        return unsafe planes
    }

    private func addSilence(_ samples: Int64) throws(VideoError) {
        let channels = Int(unsafe encoder.pointee.ch_layout.nb_channels)
        let chunk = 4096
        let zeros = [Float](repeating: 0, count: chunk)
        var left = Int(samples)
        while left > 0 {
            let count = min(left, chunk)
            unsafe zeros.withUnsafeBytes { bytes in
                let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
                var planes = unsafe [UnsafeMutableRawPointer?](repeating: start, count: channels)
                unsafe _ = av_audio_fifo_write(fifo, &planes, Int32(count))
            }
            left -= count
            try encode(all: false)
        }
        queued = (queued ?? 0) + samples
    }

    private func convert(
        _ frame: UnsafeMutablePointer<AVFrame>
    ) throws(VideoError) -> UnsafeMutablePointer<AVFrame> {
        guard let result = unsafe av_frame_alloc() else {
            throw VideoError(.other, "Encoding audio: out of memory.")
        }
        if unsafe resampler == nil { unsafe resampler = swr_alloc() }
        if unsafe frame.pointee.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC {
            unsafe av_channel_layout_default(
                &frame.pointee.ch_layout, frame.pointee.ch_layout.nb_channels)
        }
        unsafe result.pointee.sample_rate = encoder.pointee.sample_rate
        unsafe result.pointee.format = AV_SAMPLE_FMT_FLTP.rawValue
        unsafe av_channel_layout_copy(&result.pointee.ch_layout, &encoder.pointee.ch_layout)
        var code = unsafe swr_convert_frame(resampler, result, frame)
        if code == tl_error_input_changed {
            unsafe swr_free(&resampler)
            unsafe resampler = swr_alloc()
            code = unsafe swr_convert_frame(resampler, result, frame)
        }
        guard code >= 0 else {
            var failed: UnsafeMutablePointer<AVFrame>? = unsafe result
            unsafe av_frame_free(&failed)
            throw VideoError(.other, "Converting audio (\(name)): \(ffmpegMessage(code)).")
        }
        return unsafe result
    }

    private func encode(all: Bool) throws(VideoError) {
        let size = unsafe encoder.pointee.frame_size
        while true {
            let waiting = unsafe av_audio_fifo_size(fifo)
            guard waiting >= size || all && waiting > 0 else { return }
            try encode(samples: min(waiting, size))
        }
    }

    private func encode(samples: Int32) throws(VideoError) {
        var frame = unsafe av_frame_alloc()
        defer { unsafe av_frame_free(&frame) }
        guard let frame = unsafe frame else { return }
        unsafe frame.pointee.nb_samples = samples
        unsafe frame.pointee.format = AV_SAMPLE_FMT_FLTP.rawValue
        unsafe frame.pointee.sample_rate = encoder.pointee.sample_rate
        unsafe av_channel_layout_copy(&frame.pointee.ch_layout, &encoder.pointee.ch_layout)
        guard unsafe av_frame_get_buffer(frame, 0) >= 0 else {
            throw VideoError(.other, "Encoding audio: out of memory.")
        }
        var planes = unsafe planes(of: frame, skipping: 0)
        unsafe av_audio_fifo_read(fifo, &planes, samples)
        unsafe frame.pointee.pts = encoded ?? 0
        encoded = (encoded ?? 0) + Int64(samples)
        let code = unsafe avcodec_send_frame(encoder, frame)
        guard code >= 0 else { throw VideoError(.other, "Encoding audio: \(ffmpegMessage(code)).") }
        try collect()
    }

    private func collect() throws(VideoError) {
        while true {
            guard let packet = unsafe av_packet_alloc() else {
                throw VideoError(.other, "Encoding audio: out of memory.")
            }
            if unsafe avcodec_receive_packet(encoder, packet) >= 0 {
                finished.append(
                    unsafe PacketQueue.Entry(pointer: packet, stream: 0, timeBase: timeBase))
                continue
            }
            var unused: UnsafeMutablePointer<AVPacket>? = unsafe packet
            unsafe av_packet_free(&unused)
            return
        }
    }
}

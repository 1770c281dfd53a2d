internal import CFFmpeg

/// Opens the decoder and the encoder of an audio transcoder.
enum AudioCodecs {
    /// Opens a decoder for a stream; the caller frees it.
    static func openDecoder(
        _ source: StreamDescription
    ) throws(VideoError) -> UnsafeMutablePointer<AVCodecContext> {
        let doing = "Decoding audio (\(source.codec))"
        let codec = unsafe avcodec_find_decoder(source.parameters.pointer.pointee.codec_id)
        guard let codec = unsafe codec else {
            throw VideoError(.missingCodec, "\(doing): this FFmpeg has no decoder for it.")
        }
        var context = unsafe avcodec_alloc_context3(codec)
        guard let opened = unsafe context else {
            throw VideoError(.other, "\(doing): out of memory.")
        }
        unsafe avcodec_parameters_to_context(opened, source.parameters.pointer)
        unsafe opened.pointee.pkt_timebase = source.timeBase.rational
        let code = unsafe avcodec_open2(opened, codec, nil)
        guard code >= 0 else {
            unsafe avcodec_free_context(&context)
            throw VideoError(.missingCodec, "\(doing): \(ffmpegMessage(code)).")
        }
        return unsafe opened
    }

    /// Opens an AAC encoder with the nearest supported sample rate and channel layout; the caller
    /// frees it.
    static func openEncoder(
        for decoder: UnsafeMutablePointer<AVCodecContext>
    ) throws(VideoError) -> UnsafeMutablePointer<AVCodecContext> {
        guard let codec = unsafe avcodec_find_encoder(AV_CODEC_ID_AAC) else {
            throw VideoError(.missingCodec, "Encoding audio: this FFmpeg has no AAC encoder.")
        }
        let channels = unsafe max(decoder.pointee.ch_layout.nb_channels, 1)
        var failure = VideoError(.other, "Encoding audio to AAC: no channel layout was tried.")
        // The layout itself, then the usual one of as many channels, then fewer.
        for candidate in [nil, channels, 8, 6, 2, 1] where candidate ?? channels <= channels {
            do throws(VideoError) {
                return try unsafe openEncoder(codec, for: decoder, channels: candidate)
            } catch {
                failure = error
            }
        }
        throw failure
    }

    /// Opens an AAC encoder with the usual layout of `channels`, nil for the decoder's own layout.
    private static func openEncoder(
        _ codec: UnsafePointer<AVCodec>, for decoder: UnsafeMutablePointer<AVCodecContext>,
        channels: Int32?
    ) throws(VideoError) -> UnsafeMutablePointer<AVCodecContext> {
        var context = unsafe avcodec_alloc_context3(codec)
        guard let opened = unsafe context else {
            throw VideoError(.other, "Encoding audio to AAC: out of memory.")
        }
        let rate = unsafe nearestRate(decoder.pointee.sample_rate, codec)
        unsafe opened.pointee.sample_rate = rate
        if let channels {
            unsafe av_channel_layout_default(&opened.pointee.ch_layout, channels)
        } else {
            unsafe av_channel_layout_copy(&opened.pointee.ch_layout, &decoder.pointee.ch_layout)
        }
        unsafe opened.pointee.sample_fmt = AV_SAMPLE_FMT_FLTP
        unsafe opened.pointee.time_base = AVRational(num: 1, den: rate)
        let perChannel = min(96_000, Int64(rate) * 3)
        unsafe opened.pointee.bit_rate = perChannel * Int64(opened.pointee.ch_layout.nb_channels)
        unsafe opened.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER
        let code = unsafe avcodec_open2(opened, codec, nil)
        guard code >= 0 else {
            unsafe avcodec_free_context(&context)
            throw VideoError(.unsupported, "Encoding audio to AAC: \(ffmpegMessage(code)).")
        }
        return unsafe opened
    }

    private static func nearestRate(_ rate: Int32, _ codec: UnsafePointer<AVCodec>) -> Int32 {
        var best: Int32 = 48000
        var at = unsafe tl_encoder_sample_rates(codec)
        while let candidate = unsafe at?.pointee, candidate != 0 {
            if abs(candidate - rate) < abs(best - rate) { best = candidate }
            unsafe at = at?.advanced(by: 1)
        }
        return best
    }

    /// Name of a codec's channel layout, such as `7.1`.
    static func layout(_ context: UnsafeMutablePointer<AVCodecContext>) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { name in
            unsafe name.initialize(repeating: 0)
            unsafe _ = av_channel_layout_describe(&context.pointee.ch_layout, name.baseAddress, 64)
            return unsafe text(name.baseAddress)
        }
    }

    /// Frees a decoder or encoder.
    static func free(_ context: UnsafeMutablePointer<AVCodecContext>) {
        var context: UnsafeMutablePointer<AVCodecContext>? = unsafe context
        unsafe avcodec_free_context(&context)
    }
}

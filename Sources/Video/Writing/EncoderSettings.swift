internal import CFFmpeg
internal import Glibc

/// Maps writer options to FFmpeg encoder options.
struct EncoderSettings {
    var options: WriterOptions
    var diagnostics: Diagnostics

    func note(_ text: String) { diagnostics.add(text) }

    /// Nominal frame rate, 25 if the stated one is implausible; a hint only.
    func rate(of source: SourceDescription) -> Double {
        let rate = source.video.nominalRate.value
        return rate.isFinite && rate >= 1 && rate <= 1000 ? rate : 25
    }

    /// True for codecs such as MPEG-4 part 2 whose time base has at most 16 bits.
    ///
    /// They count frames; the container gets the real timestamps.
    func needsCoarseClock(_ base: Ratio) -> Bool {
        ["mpeg4", "libxvid", "msmpeg4", "msmpeg4v2", "h263p"].contains(options.encoder)
            && base.denominator > 65535
            || ["mpeg1video", "mpeg2video"].contains(options.encoder)
    }

    /// Configures the encoder context from the first frame.
    func describe(
        _ frame: UnsafePointer<AVFrame>, _ source: SourceDescription,
        in context: UnsafeMutablePointer<AVCodecContext>
    ) {
        let video = source.video
        unsafe context.pointee.sample_aspect_ratio = video.sampleAspectRatio.rational
        unsafe context.pointee.framerate = video.nominalRate.rational
        unsafe context.pointee.color_range = frame.pointee.color_range
        unsafe context.pointee.color_primaries = frame.pointee.color_primaries
        unsafe context.pointee.color_trc = frame.pointee.color_trc
        unsafe context.pointee.colorspace = frame.pointee.colorspace
        unsafe context.pointee.chroma_sample_location = frame.pointee.chroma_location
        unsafe context.pointee.gop_size = Int32(min(300, max(12, rate(of: source) * 4)))
        unsafe context.pointee.thread_count = Int32(
            clamping: threads(rate: rate(of: source)))
        unsafe context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER
        if unsafe tl_frame_is_interlaced(frame) {
            unsafe context.pointee.flags |= AV_CODEC_FLAG_INTERLACED_DCT
            let order = unsafe tl_frame_is_top_field_first(frame) ? AV_FIELD_TT : AV_FIELD_BB
            unsafe context.pointee.field_order = order
        }
        switch options.rate {
        case .bitrate(let bits): unsafe context.pointee.bit_rate = Int64(bits)
        case .quality where hasQuantizerScale:
            unsafe context.pointee.flags |= AV_CODEC_FLAG_QSCALE
            unsafe context.pointee.global_quality = quantizer * FF_QP2LAMBDA
        case .quality: break
        }
        unsafe context.pointee.strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL
    }

    /// Most frames inside the encoder: half a second, because a killed run loses them.
    private func delay(rate: Double) -> Int { Int(max(2, rate * 0.5)) }

    /// Number of encoder threads; each frame thread delays a frame.
    private func threads(rate: Double) -> Int {
        guard options.threads == 0 else { return options.threads }
        return min(16, max(1, delay(rate: rate) / 2), processors * 3 / 2 + 1)
    }

    private var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// True for encoders without CRF; quality becomes a quantizer scale of 1 to 31.
    private var hasQuantizerScale: Bool { !hasQuality }
    private var hasQuality: Bool {
        options.encoder.hasPrefix("lib") && options.encoder != "libxvid"
    }
    private var quantizer: Int32 {
        guard case .quality(let crf) = options.rate else { return 0 }
        return Int32(max(1, min(31, (crf / 5).rounded())))
    }

    /// Lookahead options of x264.
    ///
    /// A 1080p frame takes 6 to 12 MB, so large frames get little lookahead, and slice threads
    /// replace frame threads.
    private func lookahead(_ held: Int, _ pixels: Int) -> String {
        pixels > 1_500_000
            ? "sliced-threads=1:rc-lookahead=1:bframes=1:sync-lookahead=0"
            : "rc-lookahead=\(held / 2):bframes=\(min(3, held / 4)):sync-lookahead=0"
    }

    /// Lookahead options of x265, whose frames take twice as much memory.
    private func lookahead265(_ held: Int, _ pixels: Int) -> String {
        guard pixels <= 1_500_000 else { return "bframes=0:rc-lookahead=1:frame-threads=1" }
        let b = min(3, held / 4)
        return
            "bframes=\(b):rc-lookahead=\(max(b + 1, held / 2)):frame-threads=\(held > 8 ? 2 : 1)"
    }

    /// Private options of each encoder.
    func privateOptions(rate: Double, pixels: Int) -> [String: String] {
        var result: [String: String] = [:]
        if hasQuality, case .quality(let crf) = options.rate { result["crf"] = "\(crf)" }
        let held = delay(rate: rate)
        switch options.encoder {
        case "libx264", "libx264rgb":
            result["preset"] = options.preset
            result["x264-params"] = lookahead(held, pixels)
        case "libx265":
            result["preset"] = options.preset
            result["x265-params"] = "log-level=error:" + lookahead265(held, pixels)
            result["forced-idr"] = "1"
        case "libsvtav1":
            result["preset"] = options.preset.flatMap(Int.init).map(String.init) ?? "10"
            result["la_depth"] = "0"
        case "libvpx-vp9", "libvpx":
            result["deadline"] = "realtime"
            result["cpu-used"] = options.preset.flatMap(Int.init).map(String.init) ?? "6"
            result["lag-in-frames"] = "\(min(25, held))"
            result["row-mt"] = options.encoder == "libvpx-vp9" ? "1" : nil
        case "libaom-av1":
            result["cpu-used"] = options.preset.flatMap(Int.init).map(String.init) ?? "8"
            result["lag-in-frames"] = "\(min(25, held))"
        default:
            if options.preset != WriterOptions().preset { result["preset"] = options.preset }
        }
        return result
    }
}

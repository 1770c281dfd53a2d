internal import CFFmpeg
internal import Glibc

/// The writer's options in the words of FFmpeg's encoders.
struct EncoderSettings {
    var options: WriterOptions
    var notices: Notices

    func note(_ text: String) { notices.add(text) }

    /// Pictures per second, a hint: what the container says, within reason.
    func rate(of source: SourceDescription) -> Double {
        let rate = source.picture.nominalRate.value
        return rate.isFinite && rate >= 1 && rate <= 1000 ? rate : 25
    }

    /// MPEG-4 part 2 and its elders count time in at most 16 bits: they are given frame numbers,
    /// and the container gets the true stamps.
    func needsCoarseClock(_ base: Ratio) -> Bool {
        ["mpeg4", "libxvid", "msmpeg4", "msmpeg4v2", "h263p"].contains(options.encoder)
            && base.denominator > 65535
            || ["mpeg1video", "mpeg2video"].contains(options.encoder)
    }

    /// Copies what the pictures say of themselves.
    func describe(
        _ frame: UnsafePointer<AVFrame>, _ source: SourceDescription,
        in context: UnsafeMutablePointer<AVCodecContext>
    ) {
        let picture = source.picture
        unsafe context.pointee.sample_aspect_ratio = picture.sampleAspectRatio.rational
        unsafe context.pointee.framerate = picture.nominalRate.rational
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
        case .quality where hasQuantiserScale:
            unsafe context.pointee.flags |= AV_CODEC_FLAG_QSCALE
            unsafe context.pointee.global_quality = quantiser * FF_QP2LAMBDA
        case .quality: break
        }
        unsafe context.pointee.strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL
    }

    /// Pictures that may be inside the encoder: half a second, since a kill loses them.
    private func delay(rate: Double) -> Int { Int(max(2, rate * 0.5)) }

    /// Each frame thread of an encoder holds a picture back, so there may not be too many.
    private func threads(rate: Double) -> Int {
        guard options.threads == 0 else { return options.threads }
        return min(16, max(1, delay(rate: rate) / 2), processors * 3 / 2 + 1)
    }

    private var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Encoders without a CRF of their own take the same wish as a quantiser of 1 to 31.
    private var hasQuantiserScale: Bool { !hasQuality }
    private var hasQuality: Bool {
        options.encoder.hasPrefix("lib") && options.encoder != "libxvid"
    }
    private var quantiser: Int32 {
        guard case .quality(let crf) = options.rate else { return 0 }
        return Int32(max(1, min(31, (crf / 5).rounded())))
    }

    /// How far x264 looks ahead: a 1080p picture inside takes 6 to 12 MB, so there may be few of those,
    /// and slices take the place of frame threads.
    private func foresight(_ held: Int, _ pixels: Int) -> String {
        pixels > 1_500_000
            ? "sliced-threads=1:rc-lookahead=1:bframes=1:sync-lookahead=0"
            : "rc-lookahead=\(held / 2):bframes=\(min(3, held / 4)):sync-lookahead=0"
    }

    /// The same for x265, whose pictures take twice as much.
    private func foresight265(_ held: Int, _ pixels: Int) -> String {
        guard pixels <= 1_500_000 else { return "bframes=0:rc-lookahead=1:frame-threads=1" }
        let b = min(3, held / 4)
        return
            "bframes=\(b):rc-lookahead=\(max(b + 1, held / 2)):frame-threads=\(held > 8 ? 2 : 1)"
    }

    /// Options that each encoder has under names of its own.
    func privateOptions(rate: Double, pixels: Int) -> [String: String] {
        var result: [String: String] = [:]
        if hasQuality, case .quality(let crf) = options.rate { result["crf"] = "\(crf)" }
        let held = delay(rate: rate)
        switch options.encoder {
        case "libx264", "libx264rgb":
            result["preset"] = options.preset
            result["x264-params"] = foresight(held, pixels)
        case "libx265":
            result["preset"] = options.preset
            result["x265-params"] = "log-level=error:" + foresight265(held, pixels)
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

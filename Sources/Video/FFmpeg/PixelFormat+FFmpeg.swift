internal import CFFmpeg
internal import Pixels

extension PixelFormat {
    /// Layout of an FFmpeg pixel format; nil if it cannot be drawn on.
    init?(_ format: AVPixelFormat) {
        guard let description = unsafe av_pix_fmt_desc_get(format) else { return nil }
        let flags = unsafe UInt64(description.pointee.flags)
        let refused = UInt64(
            AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_HWACCEL
                | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_ALPHA | AV_PIX_FMT_FLAG_FLOAT
                | AV_PIX_FMT_FLAG_BAYER)
        let luma = unsafe description.pointee.comp.0
        let isBigEndian = flags & UInt64(AV_PIX_FMT_FLAG_BE) != 0 && luma.depth > 8
        guard flags & refused == 0, !isBigEndian, (8...16).contains(luma.depth),
            luma.plane == 0, luma.step == (luma.depth > 8 ? 2 : 1),
            let layout = unsafe Layout(description)
        else { return nil }
        self.init(
            layout: layout, depth: Int(luma.depth), shift: Int(luma.shift),
            chromaShiftX: layout == .gray ? 0 : unsafe Int(description.pointee.log2_chroma_w),
            chromaShiftY: layout == .gray ? 0 : unsafe Int(description.pointee.log2_chroma_h))
    }

    /// Formats that others are converted to, in order of preference.
    static let conversionTargets: [AVPixelFormat] = [
        AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV444P, AV_PIX_FMT_GRAY8,
        AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_YUV422P10LE, AV_PIX_FMT_YUV444P10LE,
        AV_PIX_FMT_YUV420P12LE, AV_PIX_FMT_YUV422P12LE, AV_PIX_FMT_YUV444P12LE,
    ]

    /// Supported format with the least loss; alpha is dropped.
    static func nearest(to format: AVPixelFormat) -> AVPixelFormat {
        let list = conversionTargets + [AV_PIX_FMT_NONE]
        return unsafe list.withUnsafeBufferPointer { list in
            unsafe avcodec_find_best_pix_fmt_of_list(list.baseAddress, format, 0, nil)
        }
    }

    /// FFmpeg's name of a format.
    static func name(_ format: AVPixelFormat) -> String { unsafe text(av_get_pix_fmt_name(format)) }

    /// Replaces a deprecated full-range `yuvj` format by its plain counterpart; the range is a
    /// property of the frame.
    static func withoutRange(_ format: AVPixelFormat) -> AVPixelFormat {
        switch format {
        case AV_PIX_FMT_YUVJ420P: AV_PIX_FMT_YUV420P
        case AV_PIX_FMT_YUVJ422P: AV_PIX_FMT_YUV422P
        case AV_PIX_FMT_YUVJ444P: AV_PIX_FMT_YUV444P
        case AV_PIX_FMT_YUVJ440P: AV_PIX_FMT_YUV440P
        case AV_PIX_FMT_YUVJ411P: AV_PIX_FMT_YUV411P
        default: format
        }
    }

    /// True if a frame uses the full sample range.
    static func isFullRange(_ frame: UnsafePointer<AVFrame>) -> Bool {
        let format = unsafe AVPixelFormat(frame.pointee.format)
        return unsafe frame.pointee.color_range == AVCOL_RANGE_JPEG
            || withoutRange(format) != format
    }

    /// True for RGB formats.
    static func isRGB(_ format: AVPixelFormat) -> Bool {
        guard let description = unsafe av_pix_fmt_desc_get(format) else { return false }
        let flags = UInt64(AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BAYER)
        return unsafe description.pointee.flags & flags != 0
    }

    /// True for formats with an alpha channel, which is dropped.
    static func hasAlpha(_ format: AVPixelFormat) -> Bool {
        guard let description = unsafe av_pix_fmt_desc_get(format) else { return false }
        return unsafe description.pointee.flags & UInt64(AV_PIX_FMT_FLAG_ALPHA) != 0
    }
}

extension PixelFormat.Layout {
    fileprivate init?(_ description: UnsafePointer<AVPixFmtDescriptor>) {
        let (u, v) = unsafe (description.pointee.comp.1, description.pointee.comp.2)
        switch unsafe (description.pointee.nb_components, u.plane, v.plane) {
        case (1, _, _): self = .gray
        case (3, 1, 2): self = .planar
        case (3, 1, 1) where u.offset < v.offset: self = .semiPlanar
        default: return nil
        }
    }
}

extension ColorDescription {
    /// Colour description from a frame's tags, completed by common defaults.
    init(_ frame: UnsafePointer<AVFrame>) {
        self = unsafe .assumed(height: Int(frame.pointee.height))
        switch unsafe frame.pointee.colorspace {
        case AVCOL_SPC_BT709: matrix = .bt709
        case AVCOL_SPC_BT470BG, AVCOL_SPC_SMPTE170M, AVCOL_SPC_FCC, AVCOL_SPC_RGB: matrix = .bt601
        case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: matrix = .bt2020
        default: break
        }
        isFullRange = unsafe PixelFormat.isFullRange(frame)
    }

    /// Input options of FFmpeg's `scale` filter for this colour description.
    var scaleInput: String {
        let name =
            switch matrix {
            case .bt601: "bt601"
            case .bt709: "bt709"
            case .bt2020: "bt2020"
            }
        return "in_color_matrix=\(name):in_range=\(isFullRange ? "full" : "limited")"
    }
}

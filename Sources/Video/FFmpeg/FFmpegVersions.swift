internal import CFFmpeg

/// Versions of the FFmpeg libraries in use.
public enum FFmpegVersions {
    /// Library names with versions, such as `libavcodec 59.37.100`.
    public static var all: [String] {
        let libraries = [
            ("libavformat", avformat_version()), ("libavcodec", avcodec_version()),
            ("libavfilter", avfilter_version()), ("libswscale", swscale_version()),
            ("libavutil", avutil_version()),
        ]
        return libraries.map { name, version in
            "\(name) \(version >> 16).\(version >> 8 & 255).\(version & 255)"
        }
    }
}

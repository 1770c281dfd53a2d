internal import CFFmpeg
internal import Glibc

/// Address of a source, parsed from user input.
struct SourceAddress {
    /// URL for FFmpeg.
    let url: String
    /// Name for messages, without credentials.
    let name: String
    /// FFmpeg's name of the demuxer; nil to detect it by content.
    let format: String?
    /// Path of a local file.
    let file: String?
    /// True for cameras and other real-time sources.
    let isLive: Bool
    /// True for HTTP addresses, whose content may be a camera or a recording.
    let isWeb: Bool
    /// True for addresses of other machines.
    let isNetwork: Bool
    /// True for RTSP cameras.
    var isRTSP: Bool { url.hasPrefix("rtsp") && url.contains("://") }
    /// True for a local capture device.
    let isCamera: Bool
    /// True if reads may block.
    let mayStall: Bool

    private static let liveSchemes: Set<String> = [
        "rtsp", "rtsps", "rtmp", "rtmps", "rtp", "udp", "srt", "mms", "mmsh",
    ]

    init(_ source: String) {
        let scheme = Self.scheme(of: source)
        isCamera = source.hasPrefix("/dev/video")
        isLive = isCamera || scheme.map { Self.liveSchemes.contains($0) } ?? false
        // FFmpeg waits for more entries of a playlist without an end, and for packets of a session.
        mayStall =
            isLive || source == "-" || (scheme != nil && scheme != "file")
            || ReferringFormats.isNamed(by: source)
        name = source == "-" ? "standard input" : redacted(source)
        isNetwork = scheme != nil && scheme != "file"
        isWeb = ["http", "https"].contains(scheme)
        let isSequence = scheme == nil && Self.isSequence(source)
        format = isCamera ? "video4linux2" : isSequence ? "image2" : nil
        if source == "-" {
            url = "pipe:0"
            file = nil
        } else if let scheme {
            // FFmpeg compares schemes letter by letter.
            url = scheme + source.dropFirst(scheme.count)
            file = nil
        } else if isCamera || isSequence {
            url = source
            file = nil
        } else {
            url = "file:" + source
            file = source
        }
    }

    private static func scheme(of source: String) -> String? {
        guard let colon = source.firstIndex(of: ":"), source[colon...].hasPrefix("://") else {
            return nil
        }
        let scheme = source[..<colon]
        return scheme.allSatisfy { $0.isLetter || $0.isNumber } ? scheme.lowercased() : nil
    }

    /// True for an image sequence pattern, such as `frame%04d.png`, unless a file has that very
    /// name.
    private static func isSequence(_ source: String) -> Bool {
        guard let percent = source.lastIndex(of: "%") else { return false }
        let rest = source[percent...].dropFirst().drop { $0.isNumber }
        return unsafe rest.first == "d" && access(source, F_OK) != 0
    }

    /// Throws for an address whose scheme FFmpeg does not know.
    func checkScheme() throws(VideoError) {
        guard let scheme = Self.scheme(of: url) else { return }
        var known = Self.liveSchemes
        var state: UnsafeMutableRawPointer?
        while let name = unsafe avio_enum_protocols(&state, 0) {
            unsafe known.insert(String(cString: name))
        }
        guard !known.contains(scheme) else { return }
        let usual = ["http", "https", "rtsp", "rtsps", "rtmp", "rtp", "udp", "tcp", "srt", "file"]
        throw VideoError(
            .unsupported,
            "Reading \(name): there is no scheme \(scheme)://. Known ones are "
                + usual.filter(known.contains).joined(separator: ", ") + ".")
    }

    /// Throws for an unknown scheme, and for a file that is missing, a folder, unreadable or empty.
    func checkFile() throws(VideoError) {
        try checkScheme()
        guard let file else { return }
        var status = stat()
        guard unsafe stat(file, &status) == 0 else {
            if errno == EACCES { throw notReadable }
            throw VideoError(.notFound, "Reading \(name): there is no such file. Check the path.")
        }
        if status.st_mode & S_IFMT == S_IFDIR {
            throw VideoError(
                .unsupported, "Reading \(name): it is a folder. Name a video file inside it.")
        }
        guard unsafe access(file, R_OK) == 0 else { throw notReadable }
        if status.st_mode & S_IFMT == S_IFREG && status.st_size == 0 {
            throw VideoError(
                .unknownFormat,
                "Reading \(name): the file is empty. It may not have been copied completely.")
        }
        if ReferringFormats.isNamed(by: file) && status.st_size > NetworkGuard.textLimit {
            throw VideoError(
                .damaged,
                "Reading \(name): a playlist of more than \(NetworkGuard.textLimit >> 20) MiB is not read."
            )
        }
    }

    private var notReadable: VideoError {
        VideoError(
            .notReadable,
            "Reading \(name): permission denied. Check the owner and mode of the file.")
    }
}

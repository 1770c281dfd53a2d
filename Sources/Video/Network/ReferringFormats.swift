internal import CFFmpeg

/// Formats whose files lead to other files or addresses, or are programs.
///
/// FFmpeg finds the format by content, so any file could be such a list. They are read only if the
/// file name has their extension.
enum ReferringFormats {
    private static let endings: [String: String] = [
        "hls": "m3u8", "dash": "mpd", "concat": "ffconcat", "sdp": "sdp", "vobsub": "idx",
        "avisynth": "avs", "vapoursynth": "vpy", "imf": "",
    ]
    /// Formats that addresses need no ending for: cameras and services name playlists as they like.
    private static let ofAddresses: Set<String> = ["hls", "dash"]

    /// Names of the formats that may be found in a source, for FFmpeg's option `format_whitelist`; nil
    /// for all.
    static func whitelist(for address: SourceAddress) -> String? {
        guard address.format == nil else { return nil }
        let place = address.url.prefix { !address.isNetwork || !"?#".contains($0) }
        let name = place.split(separator: "/").last?.lowercased() ?? ""
        var allowed = known
        for (format, ending) in endings {
            let isNamed = !ending.isEmpty && (name.hasSuffix("." + ending))
            let isNamedOtherwise = format == "hls" && name.hasSuffix(".m3u")
            let isOfAddress = address.isNetwork && ofAddresses.contains(format)
            if !(isNamed || isNamedOtherwise || isOfAddress) { allowed.remove(format) }
        }
        return allowed.sorted().joined(separator: ",")
    }

    /// True if the file name has the extension of a format that names other files.
    static func isNamed(by name: String) -> Bool {
        let ending = name.split(separator: ".").last?.lowercased() ?? ""
        return !ending.isEmpty && (ending == "m3u" || endings.values.contains(ending))
    }

    /// Names of all formats of this FFmpeg.
    private static let known: Set<String> = {
        var names: Set<String> = []
        var position: UnsafeMutableRawPointer?
        while let format = unsafe av_demuxer_iterate(&position) {
            names.formUnion(unsafe text(format.pointee.name).split(separator: ",").map(String.init))
        }
        return names
    }()

    /// Advice for a file whose ending does not say that it leads elsewhere.
    static let advice =
        "its content is a list of other files or addresses, or a script, which its name does not say. "
        + "If you trust it, let its name end in .m3u8 (HLS), .mpd (DASH), .ffconcat or .sdp."
}

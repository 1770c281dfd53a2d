internal import Foundation

/// HLS playlists (RFC 8216), as far as FFmpeg does not tell what they say.
enum Playlist {
    /// Tag before a segment whose timestamps do not continue those of the one before.
    static let discontinuity = Array("#EXT-X-DISCONTINUITY\n".utf8)

    /// True if the text has the tag.
    static func hasDiscontinuity(_ text: [UInt8]) -> Bool {
        text.filter { $0 != 0x0D }.firstRange(of: discontinuity) != nil
    }

    /// True if a local playlist, or one that it lists, has the tag.
    static func hasDiscontinuity(file: String) -> Bool {
        guard let text = text(file) else { return false }
        if hasDiscontinuity(text) { return true }
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        return text.split(separator: 0x0A).contains { line in
            let name = String(decoding: line, as: UTF8.self)
            guard !name.hasPrefix("#"), name.hasSuffix(".m3u8") else { return false }
            return Self.text(folder.appendingPathComponent(name).path).map(hasDiscontinuity)
                ?? false
        }
    }

    private static func text(_ file: String) -> [UInt8]? {
        guard let handle = FileHandle(forReadingAtPath: file) else { return nil }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: NetworkGuard.textLimit)).map { [UInt8]($0) }
    }
}

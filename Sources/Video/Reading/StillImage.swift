internal import Glibc

/// Image formats that FFmpeg does not read, or not in every version, known by their first bytes.
enum StillImage {
    /// Name of a file's format; nil for every other file.
    static func unreadableFormat(_ path: String) -> String? {
        guard let file = unsafe fopen(path, "rb") else { return nil }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        return format(Array(bytes.prefix(count)))
    }

    /// Name of the format by the first 32 bytes.
    static func format(_ bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes.map { $0 < 0x80 ? $0 : 0x3F }, as: UTF8.self)
        if text.dropFirst(4).hasPrefix("ftyp") {
            return brands[String(text.dropFirst(8).prefix(4))]
        }
        if text.hasPrefix("RIFF"), text.dropFirst(8).hasPrefix("WEBPVP8X"), bytes.count > 20,
            bytes[20] & 2 != 0
        {
            return "an animated WebP"
        }
        if bytes.starts(with: [0xFF, 0x0A]) || text.dropFirst(4).hasPrefix("JXL ") {
            return "JPEG XL"
        }
        if text.dropFirst(8).hasPrefix("CR"), text.hasPrefix("II*") {
            return "a camera's raw image"
        }
        if text.hasPrefix("FUJIFILMCCD-RAW") || text.hasPrefix("IIRO") || text.hasPrefix("IIU\\0") {
            return "a camera's raw image"
        }
        if text.hasPrefix("%PDF") { return "PDF" }
        if text.hasPrefix("%!PS") { return "PostScript" }
        if text.hasPrefix("<svg") || text.hasPrefix("<?xml") && text.contains("svg") {
            return "SVG"
        }
        if text.hasPrefix("8BPS") { return "Photoshop" }
        return nil
    }

    private static let brands: [String: String] = [
        "heic": "HEIC", "heix": "HEIC", "heim": "HEIC", "heis": "HEIC", "hevc": "HEIC",
        "hevx": "HEIC", "mif1": "HEIC", "msf1": "HEIC", "avif": "AVIF", "avis": "AVIF",
        "crx ": "a camera's raw image",
    ]
}

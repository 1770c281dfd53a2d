internal import Foundation

/// Checks that paths name plain files: no devices, URLs or standard input.
public enum PlainFile {
    /// Reason to refuse an image's path, as the end of a sentence; nil for a plain path.
    public static func objection(toName name: String) -> String? {
        if name.isEmpty { return "is empty" }
        if name == "-" { return "means standard input" }
        if name.contains("://") { return "is a URL, not a file" }
        if hasControlCharacter(name) { return "contains a control character" }
        if name.hasPrefix("/dev/") || name.hasPrefix("/proc/") || name.hasPrefix("/sys/") {
            return "is a device, not a file"
        }
        return nil
    }

    /// True for text with a control character (C0, C1), such as the end of a line.
    static func hasControlCharacter(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    /// Path of a name relative to a folder, in a form that FFmpeg cannot take for a protocol or an option.
    static func path(of name: String, in folder: String) -> String {
        if name.hasPrefix("/") { return name }
        return folder.isEmpty ? "./\(name)" : "\(folder)/\(name)"
    }

    /// Checks that a path leads to a plain file.
    ///
    /// - Throws: A ``DatasetError`` if it does not exist, or is a folder or a device.
    public static func check(_ path: String) throws(DatasetError) {
        switch kind(of: path) {
        case .typeRegular: return
        case nil: throw DatasetError(.notFound, "Reading \(path): no such file.")
        case .typeDirectory: throw DatasetError(.notReadable, "Reading \(path): it is a folder.")
        default:
            throw DatasetError(
                .notReadable, "Reading \(path): it is a device or a pipe, not a plain file.")
        }
    }

    /// Largest file in bytes: four times the annotations of COCO, which its decoder holds several times.
    private static let limit = 2 << 30

    /// Reads the bytes of a plain file of at most `limit` bytes.
    ///
    /// - Throws: A ``DatasetError`` with the file and the reason.
    static func bytes(of path: String, limit: Int = limit) throws(DatasetError) -> Data {
        try check(path)
        guard size(of: path) <= limit else {
            throw DatasetError(
                .wrong,
                "Reading \(path): it is larger than \(limit >> 20) MiB. Is it the right file?")
        }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            let isRefused = (error as? CocoaError)?.code == .fileReadNoPermission
            throw DatasetError(
                .notReadable,
                "Reading \(path): "
                    + (isRefused
                        ? "permission denied. Check its owner and mode." : "\(error).")
            )
        }
    }

    /// Reads a plain file as UTF-8 text; a byte order mark is skipped.
    ///
    /// - Throws: A ``DatasetError`` with the file and the reason.
    static func text(of path: String, limit: Int = limit) throws(DatasetError) -> String {
        guard var text = String(data: try bytes(of: path, limit: limit), encoding: .utf8) else {
            throw DatasetError(.wrong, "Reading \(path): it is not text in UTF-8.")
        }
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        return text
    }

    static func exists(_ path: String) -> Bool { kind(of: path) != nil }

    /// True for an existing folder.
    public static func isFolder(_ path: String) -> Bool { kind(of: path) == .typeDirectory }

    /// Type of the file that a path leads to; nil if there is none.
    private static func kind(of path: String) -> FileAttributeType? {
        facts(path)?[.type] as? FileAttributeType
    }

    /// Size in bytes of the file that a path leads to; 0 if there is none.
    private static func size(of path: String) -> Int { facts(path)?[.size] as? Int ?? 0 }

    /// Attributes of the file that a path leads to, links followed.
    private static func facts(_ path: String) -> [FileAttributeKey: Any]? {
        let files = FileManager.default
        let facts = try? files.attributesOfItem(atPath: path)
        guard facts?[.type] as? FileAttributeType == .typeSymbolicLink else { return facts }
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        return try? files.attributesOfItem(atPath: target)
    }
}

/// Helpers for paths and file name extensions.
enum Files {
    /// File name extensions of images that FFmpeg reads.
    private static let pictureEndings: Set<String> = [
        "jpg", "jpeg", "jpe", "png", "webp", "bmp", "gif", "tif", "tiff", "avif", "jp2", "j2k",
        "ppm", "pgm", "pnm", "tga", "jxl", "heic",
    ]

    static func folder(of path: String) -> String { (path as NSString).deletingLastPathComponent }

    static func name(of path: String) -> String { (path as NSString).lastPathComponent }

    static func ending(of path: String) -> String {
        (path as NSString).pathExtension.lowercased()
    }

    static func withoutEnding(_ path: String) -> String { (path as NSString).deletingPathExtension }

    static func isPicture(_ path: String) -> Bool { pictureEndings.contains(ending(of: path)) }

    /// Names in a folder, sorted; empty if it cannot be read.
    static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// Paths of all images below a folder, sorted.
    static func pictures(under folder: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }
        return (names ?? []).filter(isPicture).sorted().map { "\(folder)/\($0)" }
    }
}

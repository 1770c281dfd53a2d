internal import Foundation

/// Names and files that are what they seem: no devices, no addresses, no standard input.
public enum PlainFile {
    /// The clause that says why a name is refused as that of a picture; nil where it is a plain path.
    public static func objection(toName name: String) -> String? {
        if name.isEmpty { return "is empty" }
        if name == "-" { return "means standard input" }
        if name.contains("://") { return "is an address, not a file" }
        if name.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
            return "holds a control character"
        }
        if name.hasPrefix("/dev/") || name.hasPrefix("/proc/") || name.hasPrefix("/sys/") {
            return "is a device, not a file"
        }
        return nil
    }

    /// The path of a name relative to a folder; one that no reader can take for a protocol or an option.
    static func path(of name: String, in folder: String) -> String {
        if name.hasPrefix("/") { return name }
        return folder.isEmpty ? "./\(name)" : "\(folder)/\(name)"
    }

    /// Refuses what is no plain file.
    ///
    /// - Throws: A ``DatasetError`` where there is nothing, a folder or a device.
    public static func check(_ path: String) throws(DatasetError) {
        switch kind(of: path) {
        case .typeRegular: return
        case nil: throw DatasetError(.notFound, "Reading \(path): there is no such file.")
        case .typeDirectory: throw DatasetError(.notReadable, "Reading \(path): it is a folder.")
        default:
            throw DatasetError(
                .notReadable, "Reading \(path): it is a device or a pipe, not a plain file.")
        }
    }

    /// The bytes of a plain file.
    ///
    /// - Throws: A ``DatasetError`` that names the file and why it cannot be read.
    static func bytes(of path: String) throws(DatasetError) -> Data {
        try check(path)
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

    /// The text of a plain file in UTF-8; a byte order mark is skipped.
    ///
    /// - Throws: A ``DatasetError`` that names the file and why it cannot be read.
    static func text(of path: String) throws(DatasetError) -> String {
        guard var text = String(data: try bytes(of: path), encoding: .utf8) else {
            throw DatasetError(.wrong, "Reading \(path): it is not text in UTF-8.")
        }
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        return text
    }

    static func exists(_ path: String) -> Bool { kind(of: path) != nil }

    /// True for an existing folder.
    public static func isFolder(_ path: String) -> Bool { kind(of: path) == .typeDirectory }

    /// The kind of what a path leads to, links followed; nil where it leads nowhere.
    private static func kind(of path: String) -> FileAttributeType? {
        let files = FileManager.default
        let kind = try? files.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        guard kind == .typeSymbolicLink else { return kind }
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        return try? files.attributesOfItem(atPath: target)[.type] as? FileAttributeType
    }
}

/// Folders and endings.
enum Files {
    /// Endings of pictures that FFmpeg reads.
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

    /// Names in a folder, sorted; empty where it cannot be read.
    static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// Paths of all pictures under a folder, sorted.
    static func pictures(under folder: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }
        return (names ?? []).filter(isPicture).sorted().map { "\(folder)/\($0)" }
    }
}

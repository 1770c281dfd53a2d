internal import Foundation

/// One source of a run.
public struct InputSource: Sendable, Hashable {
    /// Path or address to open.
    public let source: String
    /// True for a still image, whose annotated copy is an image too.
    public let isImage: Bool
    /// Number of the video stream to watch, from 1; nil for the default one.
    public var videoStream: Int?
}

/// Expansion of folders, patterns and lists into single sources.
public enum SourceList {
    static let videoExtensions: Set<String> = [
        "mp4", "m4v", "mov", "mkv", "webm", "avi", "ts", "mts", "m2ts", "mpg", "mpeg", "wmv", "flv",
        "3gp", "ogv", "mjpeg", "mjpg", "h264", "264", "h265", "hevc", "265", "ivf", "mxf", "vob",
        "asf", "dav", "lrv", "insv", "m2t", "mod", "tod", "f4v", "divx", "dv", "nut", "y4m",
    ]
    static let imageExtensions: Set<String> = [
        "jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff", "ppm", "pgm",
    ]

    /// All single sources in the given order; those of a folder sorted by name, numbers by value.
    ///
    /// - Throws: A ``RunError`` when a folder, pattern or list is empty or cannot be read.
    public static func expand(_ names: [String]) throws(RunError) -> [InputSource] {
        var jobs: [InputSource] = []
        for name in names {
            for source in try open(name) {
                jobs.append(InputSource(source: source, isImage: isImage(source)))
            }
        }
        return jobs
    }

    /// True for an address, a device or standard input; false for a path of a file.
    public static func isAddress(_ name: String) -> Bool {
        name == "-" || name.contains("://") || name.hasPrefix("/dev/")
    }

    /// True for a source that is live by its address; for an HTTP address this is known once it is opened.
    public static func isLive(_ name: String) -> Bool {
        if name.hasPrefix("/dev/video") { return true }
        guard name.contains("://"), let scheme = name.split(separator: ":").first else {
            return false
        }
        return ["rtsp", "rtsps", "rtmp", "rtmps", "rtp", "udp", "srt"]
            .contains(scheme.lowercased())
    }

    /// True for an HTTP address, which may be a camera or a recording.
    public static func isAmbiguous(_ name: String) -> Bool {
        name.contains("://")
            && ["http", "https"].contains(
                name.split(separator: ":").first?.lowercased())
    }

    private static func open(_ name: String) throws(RunError) -> [String] {
        if isAddress(name) { return [name] }
        if name.hasPrefix("@") { return try list(String(name.dropFirst())) }
        if FileManager.default.fileExists(atPath: name) {
            return isFolder(name) ? try folder(name) : [name]
        }
        return name.contains(where: { "*?[".contains($0) }) ? try pattern(name) : [name]
    }

    /// True for an existing folder or a link to one.
    static func isFolder(_ path: String) -> Bool {
        let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        return (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true
    }

    private static func folder(_ path: String) throws(RunError) -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw RunError(
                .notReadable, "Reading the folder \(path): \(fileErrorReason(error))")
        }
        let known = videoExtensions.union(imageExtensions)
        let media = names.filter {
            known.contains(fileExtension($0)) && !$0.contains(".partial.") && !$0.hasPrefix(".")
                && TextInput.isRegular(path + "/" + $0)
        }
        guard !media.isEmpty else {
            throw RunError(.notFound, "The folder \(path) holds no videos or images.")
        }
        let base = path.hasSuffix("/") ? path : path + "/"
        return sorted(media).map { base + $0 }
    }

    /// The paths of a list, one per line; empty lines and those that begin with # are ignored.
    private static func list(_ path: String) throws(RunError) -> [String] {
        let lines = try TextInput.read(path).split(whereSeparator: \.isNewline).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let names = lines.filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard !names.isEmpty else {
            throw RunError(.notFound, "The list \(path) names no sources.")
        }
        return names
    }

    private static func pattern(_ pattern: String) throws(RunError) -> [String] {
        let found = PathPattern(pattern).matches()
        guard !found.isEmpty else {
            throw RunError(.notFound, "Nothing matches the pattern \(pattern).")
        }
        return sorted(found)
    }

    static func isImage(_ name: String) -> Bool {
        !isAddress(name) && imageExtensions.contains(fileExtension(name))
    }

    private static func fileExtension(_ name: String) -> String {
        (name as NSString).pathExtension.lowercased()
    }

    /// Names sorted with numbers by value, `clip2` before `clip10`, the same in every locale.
    private static func sorted(_ names: [String]) -> [String] {
        names.sorted {
            $0.compare($1, options: [.numeric], locale: Locale(identifier: "en_US_POSIX"))
                == .orderedAscending
        }
    }
}

/// A path with the wildcards `*`, `?` and `[abc]` of shells in any of its components.
struct PathPattern {
    private let parts: [String]
    private let isAbsolute: Bool

    init(_ pattern: String) {
        isAbsolute = pattern.hasPrefix("/")
        parts = pattern.split(separator: "/").map(String.init)
    }

    /// Existing paths that match.
    func matches() -> [String] {
        var found = [isAbsolute ? "/" : ""]
        for part in parts {
            found = found.flatMap { base in children(of: base, matching: part) }
        }
        return found
    }

    private func children(of base: String, matching part: String) -> [String] {
        let prefix = base.isEmpty || base.hasSuffix("/") ? base : base + "/"
        guard part.contains(where: { "*?[".contains($0) }) else {
            let path = prefix + part
            return FileManager.default.fileExists(atPath: path) ? [path] : []
        }
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: base.isEmpty ? "." : base))
        return (names ?? []).filter { name in
            (part.hasPrefix(".") || !name.hasPrefix("."))
                && Self.matches(Array(name), Array(part))
        }.map { prefix + $0 }
    }

    /// True when a name matches a component of a pattern.
    static func matches(_ name: [Character], _ part: [Character]) -> Bool {
        var n = 0
        var p = 0
        var star: (name: Int, part: Int)?
        while n < name.count {
            if p < part.count, part[p] == "*" {
                star = (n, p)
                p += 1
            } else if let next = matchOne(name[n], part, p) {
                n += 1
                p = next
            } else if let back = star {
                star = (back.name + 1, back.part)
                n = back.name + 1
                p = back.part + 1
            } else {
                return false
            }
        }
        return part[p...].allSatisfy { $0 == "*" }
    }

    /// Index in the pattern after the element that matches the character; nil for no match.
    private static func matchOne(_ character: Character, _ part: [Character], _ p: Int) -> Int? {
        guard p < part.count else { return nil }
        if part[p] == "?" { return p + 1 }
        guard part[p] == "[", let end = part[p...].firstIndex(of: "]"), end > p + 1 else {
            return part[p] == character ? p + 1 : nil
        }
        let isNegated = part[p + 1] == "!"
        let members = part[(isNegated ? p + 2 : p + 1)..<end]
        return contains(Array(members), character) != isNegated ? end + 1 : nil
    }

    private static func contains(_ members: [Character], _ character: Character) -> Bool {
        var index = 0
        while index < members.count {
            if index + 2 < members.count, members[index + 1] == "-" {
                if (members[index]...max(members[index], members[index + 2])).contains(character) {
                    return true
                }
                index += 3
            } else {
                if members[index] == character { return true }
                index += 1
            }
        }
        return false
    }
}

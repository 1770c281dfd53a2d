package import Foundation

/// Text files given on a command line.
public enum TextInput {
    /// Largest text in bytes, by default.
    public static let limit = 16 << 20
    /// Largest data in bytes.
    private static let dataLimit = 4 << 30

    /// The contents of a file; `-` is standard input.
    ///
    /// - Throws: A ``RunError`` that names the file and the reason why it cannot be read.
    public static func read(_ path: String, limit: Int = limit) throws(RunError) -> String {
        let data: Data
        if path == "-" {
            data = (try? FileHandle.standardInput.read(upToCount: limit + 1)) ?? Data()
        } else {
            data = try bytes(of: path, limit: limit)
        }
        guard data.count <= limit else { throw tooLarge(path, limit) }
        guard let text = String(data: data, encoding: .utf8) else {
            throw RunError(.usage, "Reading \(path): it is not text in UTF-8.")
        }
        return text
    }

    /// The bytes of a regular file.
    ///
    /// - Throws: A ``RunError`` that names the file and the reason why it cannot be read.
    package static func bytes(of path: String) throws(RunError) -> Data {
        try bytes(of: path, limit: dataLimit)
    }

    private static func bytes(of path: String, limit: Int) throws(RunError) -> Data {
        guard FileManager.default.fileExists(atPath: path) else {
            throw RunError(.notFound, "Reading \(path): there is no such file.")
        }
        guard isRegular(path) else {
            let kind = SourceList.isFolder(path) ? "a folder" : "not a regular file"
            throw RunError(.notReadable, "Reading \(path): it is \(kind).")
        }
        guard (facts(path)?[.size] as? Int ?? 0) <= limit else { throw tooLarge(path, limit) }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw RunError(.notReadable, "Reading \(path): \(fileErrorReason(error))")
        }
    }

    /// True for a regular file, or a link to one: reading a FIFO or a device might never end.
    package static func isRegular(_ path: String) -> Bool {
        facts(path)?[.type] as? FileAttributeType == .typeRegular
    }

    private static func facts(_ path: String) -> [FileAttributeKey: Any]? {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        return try? FileManager.default.attributesOfItem(atPath: target)
    }

    private static func tooLarge(_ path: String, _ limit: Int) -> RunError {
        RunError(
            .usage, "Reading \(path): it is larger than \(limit >> 20) MiB. Is it the right file?")
    }
}

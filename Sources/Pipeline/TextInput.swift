package import Foundation

/// Text files given on a command line.
public enum TextInput {
    /// The contents of a file; `-` is standard input.
    ///
    /// - Throws: A ``RunError`` that names the file and the reason why it cannot be read.
    public static func read(_ path: String) throws(RunError) -> String {
        if path == "-" {
            return String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
        }
        guard let text = String(data: try bytes(of: path), encoding: .utf8) else {
            throw RunError(.usage, "Reading \(path): it is not text in UTF-8.")
        }
        return text
    }

    /// The bytes of a file.
    ///
    /// - Throws: A ``RunError`` that names the file and the reason why it cannot be read.
    package static func bytes(of path: String) throws(RunError) -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            if !FileManager.default.fileExists(atPath: path) {
                throw RunError(.notFound, "Reading \(path): there is no such file.")
            }
            let reason = SourceList.isFolder(path) ? "it is a folder." : fileErrorReason(error)
            throw RunError(.notReadable, "Reading \(path): \(reason)")
        }
    }
}

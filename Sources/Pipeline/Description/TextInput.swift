internal import Foundation

/// Text that a person names on a command line.
public enum TextInput {
    /// The contents of a file; `-` is standard input.
    ///
    /// - Throws: A ``RunError`` that names the file and why it cannot be read.
    public static func read(_ path: String) throws(RunError) -> String {
        if path == "-" {
            return String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
        }
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw RunError(.notFound, "Reading \(path): \(error.localizedDescription)")
        }
    }
}

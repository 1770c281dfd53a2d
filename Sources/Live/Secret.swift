internal import Foundation
internal import Pipeline

/// Credentials or a token from an environment variable or a file.
///
/// Errors name the variable or the file, never what it holds.
struct Secret: Sendable {
    /// Variable or file, for messages.
    let origin: String
    /// The content without white space at its ends.
    let text: String

    /// Reads a secret; nil where neither a variable nor a file is given.
    ///
    /// - Parameters:
    ///   - variable: Name of an environment variable.
    ///   - file: Path of a file.
    ///   - owner: Beginning of error messages, such as `Camera front`.
    ///   - environment: Environment variables by name.
    /// - Throws: A `RunError` for a variable that is not set or a file that cannot be read.
    init?(
        variable: String?, file: String?, owner: String, environment: [String: String]
    ) throws(RunError) {
        if let variable {
            guard variable.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil else {
                throw RunError(
                    .usage, "\(owner): give the name of an environment variable, not its content.")
            }
            guard let value = environment[variable] else {
                throw RunError(.usage, "\(owner): the variable \(variable) is not set.")
            }
            (origin, text) = ("the variable \(variable)", Self.trimmed(value))
        } else if let file {
            (origin, text) = (
                "the file \(file)", Self.trimmed(try TextInput.read(file, limit: 1 << 20))
            )
        } else {
            return nil
        }
    }

    private static func trimmed(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

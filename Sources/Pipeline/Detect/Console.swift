internal import Foundation
internal import Video

/// Output of messages for people: standard error, which leaves standard output to results.
///
/// Credentials in addresses are removed from every message, and characters that steer a terminal or end a line are
/// escaped.
public struct Console: Sendable {
    /// True to print errors only.
    public let isQuiet: Bool
    /// True when a progress line can be replaced by the next.
    public let isTerminal: Bool
    private let write: @Sendable (String) -> Void

    /// A console that passes its text to `write`, or to standard error.
    public init(
        isQuiet: Bool, isTerminal: Bool, write: (@Sendable (String) -> Void)? = nil
    ) {
        self.isQuiet = isQuiet
        self.isTerminal = isTerminal
        // A failure to write a message, to a full disk for example, must not end the run.
        let write = write ?? { try? FileHandle.standardError.write(contentsOf: Data($0.utf8)) }
        self.write = write
    }

    /// Prints a sentence unless the console is quiet.
    public func info(_ sentence: String) {
        if !isQuiet { write(clear + Self.shown(sentence) + "\n") }
    }

    /// Prints an error, also on a quiet console.
    public func error(_ sentence: String) { error([sentence]) }

    /// Prints several errors, a line each, also on a quiet console.
    public func error(_ sentences: [String]) {
        let lines = sentences.map(Self.shown).joined(separator: "\n")
        write(clear + "thunderline: " + lines + "\n")
    }

    /// Prints a line that the next message replaces; only on a terminal.
    public func progress(_ line: String) {
        if isTerminal && !isQuiet { write(clear + Self.shown(line)) }
    }

    /// A sentence as one line: the name of a file cannot add a line to a journal.
    private static func shown(_ text: String) -> String { visible(redacted(text)) }

    /// Control sequence that removes a progress line.
    private var clear: String { isTerminal ? "\r\u{1B}[K" : "" }
}

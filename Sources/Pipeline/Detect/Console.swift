internal import Foundation
internal import Video

/// Where a run talks to the person who started it: standard error, so that standard output stays for results.
///
/// Credentials in addresses never get through.
public struct Console: Sendable {
    /// Say nothing but errors.
    public let isQuiet: Bool
    /// A progress bar can be drawn over itself.
    public let isTerminal: Bool
    private let write: @Sendable (String) -> Void

    /// A console that talks to `write`, or to standard error.
    public init(
        isQuiet: Bool, isTerminal: Bool, write: (@Sendable (String) -> Void)? = nil
    ) {
        self.isQuiet = isQuiet
        self.isTerminal = isTerminal
        // What cannot be said, to a full disk for one, ends nothing.
        let write = write ?? { try? FileHandle.standardError.write(contentsOf: Data($0.utf8)) }
        self.write = { write(redacted($0)) }
    }

    /// A sentence for everybody who did not ask for silence.
    public func say(_ sentence: String) {
        if !isQuiet { write(clear + sentence + "\n") }
    }

    /// A sentence that silence does not hide.
    public func complain(_ sentence: String) { write(clear + "thunderline: " + sentence + "\n") }

    /// A line that the next one replaces; only on a terminal.
    public func overwrite(_ line: String) {
        if isTerminal && !isQuiet { write(clear + line) }
    }

    /// Removes what `overwrite` left.
    private var clear: String { isTerminal ? "\r\u{1B}[K" : "" }
}

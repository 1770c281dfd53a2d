/// Why an overlay could not be set up, in words for the person who asked.
public struct OverlayError: Error, Hashable, CustomStringConvertible {
    /// What was being done, to what, what went wrong and what to try: one or two sentences.
    public let message: String

    /// An error in words.
    public init(_ message: String) {
        self.message = message
    }

    /// The message.
    public var description: String { message }
}

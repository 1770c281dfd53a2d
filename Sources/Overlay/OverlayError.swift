/// Error in setting up an overlay, with a message for the user.
public struct OverlayError: Error, Hashable, CustomStringConvertible {
    /// Message of one or two sentences: action, object, cause and remedy.
    public let message: String

    /// Creates an error from its message.
    public init(_ message: String) {
        self.message = message
    }

    /// The message.
    public var description: String { message }
}

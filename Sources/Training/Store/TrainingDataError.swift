/// An error of preparing or reading training data.
public struct TrainingDataError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operation, the problem, and what to try.
    public let description: String

    /// Creates an error with a message.
    public init(_ description: String) { self.description = description }
}

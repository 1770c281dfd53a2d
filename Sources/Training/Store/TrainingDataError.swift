/// An error of preparing or reading training data.
public struct TrainingDataError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operation, the problem, and what to try.
    public let description: String
    /// True when no space was left for a file.
    public let isDiskFull: Bool

    /// Creates an error with a message.
    public init(_ description: String, isDiskFull: Bool = false) {
        self.description = description
        self.isDiskFull = isDiskFull
    }
}

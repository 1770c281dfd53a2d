/// Trouble with training, in a sentence for people.
public struct TrainingDataError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was being done, to what, what went wrong, what to try.
    public let description: String

    /// An error with its sentence.
    public init(_ description: String) { self.description = description }
}

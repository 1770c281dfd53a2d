/// An error in a model file or its weights, with a message for people.
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error.
    public enum Kind: String, Hashable, Sendable {
        /// The file cannot be read or written.
        case unreadable
        /// The bytes violate the format.
        case damaged
        /// A valid file uses an unsupported feature.
        case unsupported
        /// The tensors do not match the network.
        case mismatched
        /// A weight is NaN or infinite.
        case notFinite
    }

    /// The kind of error.
    public var kind: Kind
    /// The file as the caller named it; nil where there is none.
    public var file: String?
    /// The affected tensor; nil for the whole file.
    public var tensor: String?
    /// The problem as a clause, such as `its data ends at byte 80 of 64`.
    public var problem: String
    /// A remedy; nil where only another file helps.
    public var advice: String?

    /// Creates an error.
    public init(
        _ kind: Kind, file: String? = nil, tensor: String? = nil, problem: String,
        advice: String? = nil
    ) {
        self.kind = kind
        self.file = file
        self.tensor = tensor
        self.problem = problem
        self.advice = advice
    }

    /// One or two sentences: the file, the problem and a remedy.
    public var description: String {
        var parts = [file.map { "model file \($0)" } ?? "model"]
        if let tensor { parts.append("tensor \(tensor)") }
        parts.append(problem)
        return parts.joined(separator: ": ") + "." + (advice.map { " \($0)" } ?? "")
    }
}

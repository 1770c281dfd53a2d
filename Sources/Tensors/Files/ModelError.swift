/// What is wrong with a model file or its weights, said to a person.
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sort of trouble, for code that decides by it.
    public enum Kind: String, Hashable, Sendable {
        /// The file cannot be read or written at all.
        case unreadable
        /// The bytes contradict the format.
        case damaged
        /// A valid file uses something that is not supported here.
        case unsupported
        /// The tensors are not those of the network.
        case mismatched
        /// A weight is NaN or infinite.
        case notFinite
    }

    /// The sort of trouble.
    public var kind: Kind
    /// The file, as the caller named it; nil where there is none.
    public var file: String?
    /// The tensor concerned; nil when it is the whole file.
    public var tensor: String?
    /// What is wrong, as a clause: `its data ends at byte 80 of 64`.
    public var problem: String
    /// What to try; nil when there is nothing to say beyond getting another file.
    public var advice: String?

    /// An error by its parts.
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

    /// One or two sentences: where, what, and what to try.
    public var description: String {
        var parts = [file.map { "model file \($0)" } ?? "model"]
        if let tensor { parts.append("tensor \(tensor)") }
        parts.append(problem)
        return parts.joined(separator: ": ") + "." + (advice.map { " \($0)" } ?? "")
    }
}

/// An error of reading a data set; the message names the file and the position in it.
public struct DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Kind of error.
    public enum Kind: Hashable, Sendable {
        /// The file or folder does not exist.
        case notFound
        /// The system denies reading, or the path is not a plain file.
        case notReadable
        /// The contents violate the format or contradict themselves.
        case wrong
    }

    /// Kind of error.
    public let kind: Kind
    /// The operation, the problem, and what to try.
    public let description: String

    /// Creates an error from its parts.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}

/// An irregularity in a data set that does not prevent use.
public struct DatasetNotice: Hashable, Sendable, CustomStringConvertible {
    /// File with line or entry: `labels/0001.txt:3`, `set.json: annotation 17`.
    public let place: String
    /// The irregularity and how it was handled.
    public let text: String

    /// Creates a notice from its parts.
    public init(_ place: String, _ text: String) {
        self.place = place
        self.text = text
    }

    /// Location and text in one line.
    public var description: String { "\(place): \(text)" }
}

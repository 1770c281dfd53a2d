/// Trouble with a data set, in a sentence for people that names the file and the place in it.
public struct DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sort of trouble.
    public enum Kind: Hashable, Sendable {
        /// No such file or folder.
        case notFound
        /// The system refuses to read it, or it is no plain file.
        case notReadable
        /// Its contents contradict its format or themselves.
        case wrong
    }

    /// The sort of trouble.
    public let kind: Kind
    /// Sentence that names the file, the error and a remedy.
    public let description: String

    /// An error by its parts.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}

/// Something odd in a data set that does not stop its use.
public struct DatasetNotice: Hashable, Sendable, CustomStringConvertible {
    /// File, and line or entry: `labels/0001.txt:3`, `set.json: annotation 17`.
    public let place: String
    /// Oddity and its treatment, as a sentence.
    public let text: String

    /// A notice by its parts.
    public init(_ place: String, _ text: String) {
        self.place = place
        self.text = text
    }

    /// Place and text in one line.
    public var description: String { "\(place): \(text)" }
}

internal import CSQLite

/// Error of the event store, with a sentence for people.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    /// Cause of an error, as far as callers act on it.
    public enum Kind: Sendable {
        /// The file is no database, or parts of it are overwritten.
        case damaged
        /// No space is left on the disk.
        case full
        /// Another process writes the store.
        case inUse
        /// Another program holds the database locked.
        case locked
        /// There is no store.
        case missing
        /// A text of a query is wrong.
        case query
        /// Anything else.
        case other
    }

    /// Cause.
    public let kind: Kind
    /// Sentence: the action, its object, the error and a remedy.
    public let message: String

    /// An error with a sentence.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// An error of SQLite by its result code.
    init(code: Int32, _ doing: String, _ text: String) {
        switch code & 0xFF {
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            self.init(.damaged, "\(doing): the database is damaged (\(text)).")
        case SQLITE_FULL: self.init(.full, "\(doing): no space left. Free some.")
        case SQLITE_BUSY, SQLITE_LOCKED:
            self.init(.locked, "\(doing): another program holds the database locked. End that.")
        default: self.init(.other, "\(doing): \(text).")
        }
    }

    /// The sentence.
    public var description: String { message }
}

public import Foundation

/// Filter of objects, and the page of the result that is wanted.
///
/// Several names of one kind are alternatives; different kinds must all hold.
public struct ObjectQuery: Sendable, Hashable {
    /// Position after a row: pages go on from here, whatever is inserted or deleted meanwhile.
    public struct Cursor: Sendable, Hashable {
        var begin: Int
        var key: Int

        /// Position of a row.
        public init(begin: Int, key: Int) { (self.begin, self.key) = (begin, key) }

        /// Parses `TIME-KEY`; nil for another text.
        public init?(_ text: String) {
            let parts = text.split(separator: "-").map { Int($0) }
            guard parts.count == 2, let begin = parts[0], let key = parts[1] else { return nil }
            self.init(begin: begin, key: key)
        }

        /// The form `TIME-KEY`.
        public var text: String { "\(begin)-\(key)" }
    }

    /// Time of day, in minutes after midnight; it may pass midnight.
    public struct DayTime: Sendable, Hashable {
        var from: Int
        var to: Int

        /// Parses `22:00-06:00`; nil for another text.
        public init?(_ text: String) {
            let ends = text.split(separator: "-").map { Self.minutes($0) }
            guard ends.count == 2, let from = ends[0], let to = ends[1] else { return nil }
            (self.from, self.to) = (from, to)
        }

        private static func minutes(_ text: Substring) -> Int? {
            let parts = text.split(separator: ":").map { Int($0) }
            guard parts.count == 2, let hour = parts[0], let minute = parts[1],
                (0...24).contains(hour), (0..<60).contains(minute), hour * 60 + minute <= 1440
            else { return nil }
            return hour * 60 + minute
        }

        func contains(_ minute: Int) -> Bool {
            from <= to ? minute >= from && minute < to : minute >= from || minute < to
        }
    }

    /// Cameras; empty for all.
    public var cameras: [String] = []
    /// Classes; empty for all.
    public var classes: [String] = []
    /// A zone or line.
    public var place: String?
    /// Direction of crossings of the line.
    public var direction: String?
    /// First time in milliseconds since 1970, included.
    public var after: Int?
    /// Last time in milliseconds since 1970, excluded.
    public var before: Int?
    /// Time of day of the begin.
    public var dayTime: DayTime?
    /// Time zone of the time of day.
    public var timeZone = TimeZone.current
    /// Lowest score.
    public var minimumScore: Double?
    /// Shortest longest visit in seconds.
    public var minimumDwell: Double?
    /// Star; nil for both.
    public var isStarred: Bool?
    /// Review by a person; nil for both.
    public var isReviewed: Bool?
    /// Rows of a page.
    public var limit = 50
    /// Position after the last row of the page before; nil for the first.
    public var cursor: Cursor?

    /// Most rows of a page.
    public static let mostRows = 500

    /// All objects.
    public init() {}
}

/// Page of a result, newest first.
public struct StorePage<Element: Sendable>: Sendable {
    /// Rows.
    public var rows: [Element]
    /// Position of the next page; nil at the end.
    ///
    /// A page may have fewer rows than asked for and still a next one: a search of rare objects is cut into pieces
    /// that take a bounded time.
    public var next: ObjectQuery.Cursor?
}

/// SQL of a query: text with placeholders, and the values bound to them.
struct SQLFilter {
    var terms: [String] = []
    var values: [SQLValue] = []

    /// Adds a term with one placeholder.
    mutating func add(_ term: String, _ value: SQLValue) {
        terms.append(term)
        values.append(value)
    }

    /// Adds a term without a placeholder.
    mutating func add(_ term: String) { terms.append(term) }

    /// Adds the alternatives of a column; nothing for none.
    mutating func add(_ column: String, in names: [String]) {
        guard !names.isEmpty else { return }
        let marks = names.map { _ in "?" }.joined(separator: ",")
        terms.append(names.count == 1 ? "\(column)=?" : "\(column) IN (\(marks))")
        values += names.map { .text($0) }
    }

    /// `WHERE` with all terms; empty without any.
    var text: String { terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND ") }
}

internal import Foundation

/// Search of one page of objects.
///
/// The index that serves most of the filter is named in the SQL, so that the plan never depends on statistics. Rows
/// come from it in the order of the result. A filter that no index serves is tested row by row, for a bounded number
/// of rows: the page then ends early and says where to go on.
struct ObjectSearch {
    /// Rows that one page tests at most.
    static let scanLimit = 8000

    private let query: ObjectQuery
    private let limit: Int

    init(_ query: ObjectQuery) {
        self.query = query
        limit = min(max(query.limit, 1), ObjectQuery.mostRows)
    }

    /// Finds the page.
    func page(in database: Database) throws(StoreError) -> StorePage<StoredObject> {
        let floor = isServedByIndex ? nil : try floor(in: database)
        var filter = filter
        if let floor { filter.add("\(driver).begin >= ?", .integer(floor)) }
        let sql =
            "SELECT \(StoredObject.columns) FROM \(source)\(filter.text) ORDER BY \(driver).begin DESC, \(key) DESC"
        var rows: [StoredObject] = []
        var clock = DayClock(query.timeZone)
        try database.query(sql, filter.values) { row in
            let object = StoredObject(row)
            // An object that crossed a line both ways has two places.
            guard rows.last?.key != object.key else { return true }
            if let dayTime = query.dayTime, !dayTime.contains(clock.minute(of: object.begin)) {
                return true
            }
            rows.append(object)
            return rows.count < limit
        }
        return StorePage(rows: rows, next: next(after: rows, floor))
    }

    private func next(after rows: [StoredObject], _ floor: Int?) -> ObjectQuery.Cursor? {
        if rows.count == limit, let last = rows.last {
            return ObjectQuery.Cursor(begin: last.begin, key: last.key)
        }
        return floor.map { ObjectQuery.Cursor(begin: $0, key: 0) }
    }

    /// True when every row of the index is a row of the result.
    private var isServedByIndex: Bool {
        guard query.minimumScore == nil, query.minimumDwell == nil, query.dayTime == nil,
            query.isReviewed == nil, query.cameras.count < 2, query.classes.count < 2
        else { return false }
        if query.place != nil {
            return query.direction == nil && query.isStarred == nil && query.cameras.isEmpty
                && query.classes.isEmpty
        }
        guard query.isStarred != nil else { return true }
        return query.isStarred == true && query.cameras.isEmpty && query.classes.isEmpty
    }

    /// Table whose index gives the rows in order.
    private var driver: String { query.place == nil ? "o" : "p" }
    private var key: String { query.place == nil ? "o.id" : "p.object" }

    private var source: String {
        guard query.place == nil else { return "place p CROSS JOIN object o ON o.id = p.object" }
        return "object o INDEXED BY \(index)"
    }

    private var index: String {
        if query.isStarred == true { return "object_starred" }
        switch (query.cameras.count == 1, query.classes.count == 1) {
        case (true, true): return "object_camera_class"
        case (true, false): return "object_camera"
        case (false, true): return "object_class"
        case (false, false): return "object_begin"
        }
    }

    /// Terms that the index serves: its leading columns and the range of times.
    private var indexed: SQLFilter {
        var filter = SQLFilter()
        if let place = query.place {
            filter.add("p.name = ?", .text(place))
        } else if query.isStarred == true {
            filter.add("o.starred = 1")
        } else {
            if query.cameras.count == 1 { filter.add("o.camera", in: query.cameras) }
            if query.classes.count == 1 { filter.add("o.class", in: query.classes) }
        }
        if let after = query.after { filter.add("\(driver).begin >= ?", .integer(after)) }
        if let before = query.before { filter.add("\(driver).begin < ?", .integer(before)) }
        if let cursor = query.cursor {
            filter.add("\(driver).begin <= ?", .integer(cursor.begin))
        }
        return filter
    }

    private var filter: SQLFilter {
        var filter = indexed
        if query.place != nil || query.isStarred == true || query.cameras.count > 1 {
            filter.add("o.camera", in: query.cameras)
        }
        if query.place != nil || query.isStarred == true || query.classes.count > 1 {
            filter.add("o.class", in: query.classes)
        }
        if let cursor = query.cursor {
            filter.add("(\(driver).begin < ?", .integer(cursor.begin))
            filter.joinLast("OR \(key) < ?)", .integer(cursor.key))
        }
        if query.place != nil, let direction = query.direction {
            filter.add("p.direction = ?", .text(direction))
        }
        if let score = query.minimumScore { filter.add("o.score >= ?", .real(score)) }
        if let dwell = query.minimumDwell {
            filter.add("\(query.place == nil ? "o" : "p").dwell >= ?", .real(dwell))
        }
        if let starred = query.isStarred { filter.add("o.starred = \(starred ? 1 : 0)") }
        if let reviewed = query.isReviewed { filter.add("o.reviewed = \(reviewed ? 1 : 0)") }
        return filter
    }

    /// Time of the last row that this page may test; nil when fewer rows are left.
    private func floor(in database: Database) throws(StoreError) -> Int? {
        let filter = indexed
        let table = query.place == nil ? source : "place p"
        return try database.optionalInteger(
            "SELECT \(driver).begin FROM \(table)\(filter.text) ORDER BY \(driver).begin DESC LIMIT 1 OFFSET ?",
            filter.values + [.integer(Self.scanLimit)])
    }
}

extension SQLFilter {
    /// Continues the last term, with one more placeholder.
    fileprivate mutating func joinLast(_ text: String, _ value: SQLValue) {
        self = SQLFilter(
            terms: terms.dropLast() + ["\(terms.last ?? "") \(text)"], values: values + [value])
    }
}

/// Minutes of the day in a time zone, which changes its distance from UTC at most at quarters of an hour.
struct DayClock {
    private let timeZone: TimeZone
    private var quarter = Int.min
    private var offset = 0

    init(_ timeZone: TimeZone) { self.timeZone = timeZone }

    /// Minute after local midnight of a time in milliseconds since 1970.
    mutating func minute(of time: Int) -> Int { seconds(of: time) / 60 }

    /// Local time in milliseconds, as if the zone were UTC.
    mutating func local(_ time: Int) -> Int {
        let quarter = Int((Double(time) / Double(Tally.interval)).rounded(.down))
        if quarter != self.quarter {
            self.quarter = quarter
            offset = timeZone.secondsFromGMT(
                for: Date(timeIntervalSince1970: Double(time) / 1000))
        }
        return time + offset * 1000
    }

    private mutating func seconds(of time: Int) -> Int {
        let day = local(time) / 1000 % 86400
        return day < 0 ? day + 86400 : day
    }
}

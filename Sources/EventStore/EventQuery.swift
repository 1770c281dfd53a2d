/// Filter of events, and the page of the result that is wanted.
public struct EventQuery: Sendable, Hashable {
    /// A camera; nil for all.
    public var camera: String?
    /// A class; nil for all.
    public var className: String?
    /// A kind, such as `cross`; nil for all.
    public var kind: String?
    /// A zone or line; nil for all.
    public var place: String?
    /// Key of an object; nil for all.
    public var object: Int?
    /// First time in milliseconds since 1970, included.
    public var after: Int?
    /// Last time in milliseconds since 1970, excluded.
    public var before: Int?
    /// Rows of a page.
    public var limit = 200
    /// Position after the last row of the page before; nil for the first.
    public var cursor: ObjectQuery.Cursor?

    /// All events.
    public init() {}

    private static let columns =
        "e.id, e.object, e.time, e.class, e.json, o.starred, o.reviewed, o.note, "
        + "EXISTS(SELECT 1 FROM picture WHERE object = e.object)"

    private var index: String {
        if object != nil { return "event_object" }
        if place != nil { return "event_place" }
        if kind != nil { return "event_kind" }
        return camera != nil ? "event_camera" : "event_time"
    }

    private var indexed: SQLFilter {
        var filter = SQLFilter()
        switch index {
        case "event_object": filter.add("e.object = ?", SQLValue(object))
        case "event_place": filter.add("e.place = ?", SQLValue(place))
        case "event_kind": filter.add("e.kind = ?", SQLValue(kind))
        case "event_camera": filter.add("e.camera = ?", SQLValue(camera))
        default: break
        }
        if let after { filter.add("e.time >= ?", .integer(after)) }
        if let before { filter.add("e.time < ?", .integer(before)) }
        if let cursor { filter.add("e.time <= ?", .integer(cursor.begin)) }
        return filter
    }

    private var filter: SQLFilter {
        var filter = indexed
        if let camera { filter.add("+e.camera = ?", .text(camera)) }
        if let className { filter.add("+e.class = ?", .text(className)) }
        if let kind { filter.add("+e.kind = ?", .text(kind)) }
        if let place { filter.add("+e.place = ?", .text(place)) }
        if let cursor {
            filter.terms.append("(e.time < ? OR e.id < ?)")
            filter.values += [.integer(cursor.begin), .integer(cursor.key)]
        }
        return filter
    }

    func page(in database: Database) throws(StoreError) -> StorePage<StoredEvent> {
        let limit = min(max(limit, 1), ObjectQuery.mostRows)
        let source = "event e INDEXED BY \(index)"
        let floor = try database.optionalInteger(
            "SELECT e.time FROM \(source)\(indexed.text) ORDER BY e.time DESC LIMIT 1 OFFSET ?",
            indexed.values + [.integer(ObjectSearch.scanLimit)])
        var filter = filter
        if let floor { filter.add("e.time >= ?", .integer(floor)) }
        var rows: [StoredEvent] = []
        try database.query(
            "SELECT \(Self.columns) FROM \(source) CROSS JOIN object o ON o.id = e.object\(filter.text) "
                + "ORDER BY e.time DESC, e.id DESC", filter.values
        ) {
            rows.append(StoredEvent($0))
            return rows.count < limit
        }
        if rows.count == limit, let last = rows.last {
            return StorePage(rows: rows, next: .init(begin: last.time, key: last.key))
        }
        return StorePage(rows: rows, next: floor.map { .init(begin: $0, key: 0) })
    }
}

extension StoredEvent {
    fileprivate init(_ row: Row) {
        self.init(
            key: row.integer(0), object: row.integer(1), time: row.integer(2),
            className: row.text(3), json: row.text(4), hasPicture: row.integer(8) != 0,
            isStarred: row.integer(5) != 0,
            isReviewed: row.integer(6) != 0, note: row.text(7))
    }
}

internal import Flow
public import Foundation

/// Reader of a store, for the page and the command line; it never holds up the writer.
public final class StoreReader: Sendable {
    private let database: Lock<Database>

    /// Opens the store in a folder.
    ///
    /// - Throws: A ``StoreError``, also when there is no store.
    public init(_ folder: StoreFolder) throws(StoreError) {
        guard FileManager.default.fileExists(atPath: folder.database) else {
            throw StoreError(
                .other, "There is no event store in \(folder.path): set store.path to it in a live run first.")
        }
        let database = try Database(folder.database, readOnly: true)
        guard try database.integer("PRAGMA user_version") == StoreSchema.version else {
            throw StoreError(.other, "The event store \(folder.path) is of another version of thunderline.")
        }
        self.database = Lock(database)
    }

    /// One page of objects, newest first.
    ///
    /// - Throws: A ``StoreError``.
    public func objects(_ query: ObjectQuery) throws(StoreError) -> StorePage<StoredObject> {
        try database.withLock { database throws(StoreError) in
            var page = try ObjectSearch(query).page(in: database)
            for index in page.rows.indices {
                page.rows[index].places = try Self.places(of: page.rows[index].key, database)
            }
            return page
        }
    }

    /// An object by its key; nil when there is none.
    ///
    /// - Throws: A ``StoreError``.
    public func object(_ key: Int) throws(StoreError) -> StoredObject? {
        try database.withLock { database throws(StoreError) in
            var object: StoredObject?
            try database.query(
                "SELECT \(StoredObject.columns) FROM object o WHERE o.id = ?", [.integer(key)]
            ) {
                object = StoredObject($0)
                return false
            }
            object?.places = try Self.places(of: key, database)
            return object
        }
    }

    private static func places(
        of key: Int, _ database: Database
    ) throws(StoreError) -> [String] {
        var places: [String] = []
        try database.query(
            "SELECT name, direction FROM place WHERE object = ? ORDER BY name, direction",
            [.integer(key)]
        ) {
            let direction = $0.text(1)
            places.append(direction.isEmpty ? $0.text(0) : "\($0.text(0)):\(direction)")
            return true
        }
        return places
    }

    /// Picture of an object as a JPEG file; nil when there is none.
    ///
    /// - Throws: A ``StoreError``.
    public func picture(of key: Int) throws(StoreError) -> [UInt8]? {
        try database.withLock { database throws(StoreError) in
            var jpeg: [UInt8]?
            try database.query("SELECT jpeg FROM picture WHERE object = ?", [.integer(key)]) {
                jpeg = $0.blob(0)
                return false
            }
            return jpeg
        }
    }

    /// One page of events, newest first.
    ///
    /// - Throws: A ``StoreError``.
    public func events(_ query: EventQuery) throws(StoreError) -> StorePage<StoredEvent> {
        try database.withLock { database throws(StoreError) in
            try query.page(in: database)
        }
    }

    /// Objects by quarters of an hour of a range of times, with those of one camera where it is named.
    ///
    /// - Throws: A ``StoreError``.
    public func tallies(
        from: Int, to: Int, camera: String? = nil
    ) throws(StoreError) -> [Tally] {
        var filter = SQLFilter()
        filter.add("time >= ?", .integer(from))
        filter.add("time < ?", .integer(to))
        if let camera { filter.add("camera = ?", .text(camera)) }
        return try database.withLock { database throws(StoreError) in
            var rows: [Tally] = []
            try database.query(
                "SELECT time, camera, class, objects FROM tally\(filter.text) ORDER BY time, camera, class",
                filter.values
            ) {
                rows.append(
                    Tally(
                        time: $0.integer(0), camera: $0.text(1), className: $0.text(2),
                        objects: $0.integer(3)))
                return true
            }
            return rows
        }
    }

    /// Distinct cameras, classes and places of the store, each sorted.
    ///
    /// - Throws: A ``StoreError``.
    public func names() throws(StoreError) -> (cameras: [String], classes: [String], places: [String]) {
        try database.withLock { database throws(StoreError) in
            (
                try Self.distinct("camera", of: "object", database),
                try Self.distinct("class", of: "object", database),
                try Self.distinct("name", of: "place", database)
            )
        }
    }

    /// Distinct values of the leading column of an index: one step down the index for each.
    private static func distinct(
        _ column: String, of table: String, _ database: Database
    ) throws(StoreError) -> [String] {
        var names: [String] = []
        var last = ""
        while names.count < 200 {
            var next: String?
            try database.query("SELECT min(\(column)) FROM \(table) WHERE \(column) > ?", [.text(last)]) {
                next = $0.optionalText(0)
                return false
            }
            guard let next else { break }
            names.append(next)
            last = next
        }
        return names
    }
}

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
        "e.id, e.object, e.time, e.json, o.starred, o.reviewed, o.note"

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
            key: row.integer(0), object: row.integer(1), time: row.integer(2), json: row.text(3),
            isStarred: row.integer(4) != 0, isReviewed: row.integer(5) != 0, note: row.text(6))
    }
}

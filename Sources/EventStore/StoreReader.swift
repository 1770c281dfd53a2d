internal import Flow
internal import Foundation

/// Reader of a store, for the page and the command line; it never holds up the writer.
public final class StoreReader: Sendable {
    private let folder: StoreFolder
    private let opened: Lock<Opened>

    private struct Opened: Sendable {
        var database: Database?
        /// Number of the file, which differs when a damaged one was replaced.
        var file: Int?
    }

    /// Opens the store in a folder.
    ///
    /// - Throws: A ``StoreError``, also when there is no store.
    public convenience init(_ folder: StoreFolder) throws(StoreError) {
        self.init(later: folder)
        try read { _ in }
    }

    /// Creates a reader that opens the store when it is there.
    public init(later folder: StoreFolder) {
        self.folder = folder
        opened = Lock(Opened())
    }

    /// Runs a body on the database, opened again if its file has been replaced.
    private func read<Result>(
        _ body: (Database) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try opened.withLock { opened throws(StoreError) in
            let facts = try? FileManager.default.attributesOfItem(atPath: folder.database)
            let file = facts?[.systemFileNumber] as? Int
            if let database = opened.database, file == opened.file { return try body(database) }
            let database = try Self.open(folder)
            opened = Opened(database: database, file: file)
            return try body(database)
        }
    }

    private static func open(_ folder: StoreFolder) throws(StoreError) -> Database {
        guard FileManager.default.fileExists(atPath: folder.database) else {
            throw StoreError(
                .missing,
                "There is no event store in \(folder.path): give --store to a live run first.")
        }
        let database = try Database(folder.database, readOnly: true)
        guard try database.integer("PRAGMA user_version") == StoreSchema.version else {
            throw StoreError(
                .other, "The event store \(folder.path) is of another version of thunderline.")
        }
        return database
    }

    /// One page of objects, newest first.
    ///
    /// - Throws: A ``StoreError``.
    public func objects(_ query: ObjectQuery) throws(StoreError) -> StorePage<StoredObject> {
        try read { database throws(StoreError) in
            var page = try ObjectSearch(query).page(in: database)
            for index in page.rows.indices {
                try Self.complete(&page.rows[index], database)
            }
            return page
        }
    }

    /// An object by its key; nil when there is none.
    ///
    /// - Throws: A ``StoreError``.
    public func object(_ key: Int) throws(StoreError) -> StoredObject? {
        try read { database throws(StoreError) in
            var object: StoredObject?
            try database.query(
                "SELECT \(StoredObject.columns) FROM object o WHERE o.id = ?", [.integer(key)]
            ) {
                object = StoredObject($0)
                return false
            }
            guard var object else { return nil }
            try Self.complete(&object, database)
            return object
        }
    }

    private static func complete(
        _ object: inout StoredObject, _ database: Database
    ) throws(StoreError) {
        object.places = try places(of: object.key, database)
        object.hasPicture =
            try database.integer(
                "SELECT EXISTS(SELECT 1 FROM picture WHERE object = ?)", [.integer(object.key)])
            != 0
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
        try read { database throws(StoreError) in
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
        try read { database throws(StoreError) in
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
        return try read { database throws(StoreError) in
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
    public func names() throws(StoreError) -> (
        cameras: [String], classes: [String], places: [String]
    ) {
        try read { database throws(StoreError) in
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
            try database.query(
                "SELECT min(\(column)) FROM \(table) WHERE \(column) > ?", [.text(last)]
            ) {
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

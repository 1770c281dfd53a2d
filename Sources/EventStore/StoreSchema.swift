/// Tables of the store.
///
/// Times are milliseconds since 1970, UTC. Keys grow with the time of insertion.
///
/// | table | a row |
/// |---|---|
/// | `object` | one track: camera, class, first and last time, best score, recording, star, note |
/// | `event` | one happening, with its NDJSON object as written to the events file |
/// | `place` | an object in a zone (with its longest visit), or across a line in one direction |
/// | `picture` | JPEG of an object |
/// | `tally` | objects that began in a quarter of an hour, by camera and class; outlives the objects |
enum StoreSchema {
    /// Number of the newest schema, in `PRAGMA user_version`.
    static var version: Int { steps.count }

    /// Statements that lead from each schema to the next, from an empty database on; a released step never changes.
    static let steps = [tables]

    /// Applies the steps that a database lacks, in one transaction.
    ///
    /// - Throws: A ``StoreError``, also for a database with more steps.
    static func migrate(
        _ database: Database, _ path: String, steps: [String] = steps
    ) throws(StoreError) {
        let version = try database.integer("PRAGMA user_version")
        guard version <= steps.count else {
            throw StoreError(
                .other,
                "The event store \(path) is of a newer version of thunderline. Use that, or another folder."
            )
        }
        guard version < steps.count else { return }
        try database.transaction { () throws(StoreError) in
            for step in steps[version...] { try database.execute(step) }
            try database.execute("PRAGMA user_version = \(steps.count)")
        }
    }

    /// Settings of every connection that writes.
    static let settings = """
        PRAGMA auto_vacuum = INCREMENTAL;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA journal_size_limit = 16777216;
        """

    private static let tables = """
        CREATE TABLE object(
            id INTEGER PRIMARY KEY AUTOINCREMENT, camera TEXT NOT NULL, track INTEGER NOT NULL,
            class TEXT NOT NULL, begin INTEGER NOT NULL, end INTEGER, score REAL NOT NULL,
            box TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, snapshot TEXT, clip TEXT,
            dwell REAL NOT NULL DEFAULT 0, starred INTEGER NOT NULL DEFAULT 0,
            reviewed INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '');
        CREATE INDEX object_begin ON object(begin);
        CREATE INDEX object_camera ON object(camera, begin);
        CREATE INDEX object_class ON object(class, begin);
        CREATE INDEX object_camera_class ON object(camera, class, begin);
        CREATE INDEX object_starred ON object(begin) WHERE starred = 1;
        CREATE INDEX object_open ON object(id) WHERE end IS NULL;
        CREATE TABLE event(
            id INTEGER PRIMARY KEY AUTOINCREMENT, object INTEGER NOT NULL, time INTEGER NOT NULL,
            camera TEXT NOT NULL, class TEXT NOT NULL, kind TEXT NOT NULL, place TEXT, json TEXT NOT NULL);
        CREATE INDEX event_object ON event(object);
        CREATE INDEX event_time ON event(time);
        CREATE INDEX event_camera ON event(camera, time);
        CREATE INDEX event_kind ON event(kind, time);
        CREATE INDEX event_place ON event(place, time) WHERE place IS NOT NULL;
        CREATE TABLE place(
            name TEXT NOT NULL, begin INTEGER NOT NULL, object INTEGER NOT NULL, direction TEXT NOT NULL,
            dwell REAL NOT NULL DEFAULT 0, PRIMARY KEY(name, begin, object, direction)) WITHOUT ROWID;
        CREATE INDEX place_object ON place(object);
        CREATE TABLE picture(object INTEGER PRIMARY KEY, jpeg BLOB NOT NULL);
        CREATE TABLE tally(
            time INTEGER NOT NULL, camera TEXT NOT NULL, class TEXT NOT NULL, objects INTEGER NOT NULL,
            PRIMARY KEY(time, camera, class)) WITHOUT ROWID;
        """
}

/// Rows of objects and their events, as the writing thread inserts and changes them.
struct StoreRows {
    private let database: Database
    /// Keys of objects that are seen at present, by camera and track.
    private var present: [Track: Int] = [:]

    private struct Track: Hashable {
        let camera: String
        let track: Int
    }

    init(_ database: Database) { self.database = database }

    /// Ends the objects of a run that was killed at their last event.
    ///
    /// - Throws: A ``StoreError``.
    func endForgotten() throws(StoreError) {
        try database.execute(
            "UPDATE object SET end = max(begin, coalesce((SELECT max(time) FROM event WHERE object = object.id), begin)) "
                + "WHERE end IS NULL")
    }

    /// Writes items in one transaction; returns whether each had an effect.
    ///
    /// - Throws: A ``StoreError``; nothing is written then.
    mutating func write(_ items: [StoreWriter.Item]) throws(StoreError) -> [Bool] {
        var results: [Bool] = []
        try database.transaction { () throws(StoreError) in
            for item in items { results.append(try write(item)) }
        }
        return results
    }

    private mutating func write(_ item: StoreWriter.Item) throws(StoreError) -> Bool {
        switch item {
        case .event(let event):
            try insert(event)
            return true
        case .change(let key, let change, _): return try apply(change, to: key)
        }
    }

    private mutating func insert(_ event: NewEvent) throws(StoreError) {
        let track = Track(camera: event.camera, track: event.track)
        // A track of a new run may have the number of another.
        let known = event.kind == "begin" ? nil : present[track]
        let key = if let known { known } else { try begin(event) }
        if known != nil || event.kind == "end" { try update(key, event) }
        present[track] = event.kind == "end" ? nil : key
        try database.query(
            "INSERT INTO event(object, time, camera, class, kind, place, json) VALUES(?,?,?,?,?,?,?)",
            [
                .integer(key), .integer(event.time), .text(event.camera), .text(event.className),
                .text(event.kind), SQLValue(event.place?.name), .text(event.json),
            ])
        if let place = event.place { try add(place, to: key) }
        if !event.picture.isEmpty { try add(event.picture, to: key) }
    }

    private func add(_ picture: [UInt8], to key: Int) throws(StoreError) {
        try database.query(
            "INSERT OR IGNORE INTO picture(object, jpeg) VALUES(?,?)",
            [.integer(key), .blob(picture)])
    }

    /// Inserts the object of an event and returns its key.
    private func begin(_ event: NewEvent) throws(StoreError) -> Int {
        try database.query(
            "INSERT INTO object(camera, track, class, begin, score, box, width, height, snapshot, clip) "
                + "VALUES(?,?,?,?,?,?,?,?,?,?)",
            [
                .text(event.camera), .integer(event.track), .text(event.className),
                .integer(event.time), .real(event.score), .text(event.box),
                .integer(event.size.width), .integer(event.size.height), SQLValue(event.snapshot),
                SQLValue(event.clip),
            ])
        let key = database.lastKey
        let quarter = event.time - (event.time % Tally.interval + Tally.interval) % Tally.interval
        try database.query(
            "INSERT INTO tally(time, camera, class, objects) VALUES(?,?,?,1) "
                + "ON CONFLICT DO UPDATE SET objects = objects + 1",
            [.integer(quarter), .text(event.camera), .text(event.className)])
        return key
    }

    private func update(_ key: Int, _ event: NewEvent) throws(StoreError) {
        let end = event.kind == "end" ? event.time : nil
        try database.query(
            "UPDATE object SET class = ?, score = max(score, ?), end = coalesce(?, end), "
                + "snapshot = coalesce(snapshot, ?), clip = coalesce(clip, ?) WHERE id = ?",
            [
                .text(event.className), .real(event.score), SQLValue(end),
                SQLValue(event.snapshot), SQLValue(event.clip), .integer(key),
            ])
    }

    private func add(_ place: NewEvent.Place, to key: Int) throws(StoreError) {
        var (direction, dwell) = ("", 0.0)
        switch place {
        case .line(_, let name): direction = name
        case .zone(_, let seconds): dwell = seconds
        }
        try database.query(
            "INSERT INTO place(name, begin, object, direction, dwell) "
                + "SELECT ?, begin, id, ?, ? FROM object WHERE id = ? "
                + "ON CONFLICT DO UPDATE SET dwell = max(dwell, excluded.dwell)",
            [.text(place.name), .text(direction), .real(dwell), .integer(key)])
        guard dwell > 0 else { return }
        try database.query(
            "UPDATE object SET dwell = max(dwell, ?) WHERE id = ?", [.real(dwell), .integer(key)])
    }

    private mutating func apply(_ change: ObjectChange, to key: Int) throws(StoreError) -> Bool {
        switch change {
        case .star(let value): try set("starred", .integer(value ? 1 : 0), key)
        case .review(let value): try set("reviewed", .integer(value ? 1 : 0), key)
        case .note(let text):
            try set("note", .text(String(text.prefix(ObjectChange.longestNote))), key)
        case .delete:
            // Later events of an object that is still seen begin a new row.
            present = present.filter { $0.value != key }
            return try StoreRetention.delete([key], from: database) > 0
        }
        return database.changes > 0
    }

    private func set(_ column: String, _ value: SQLValue, _ key: Int) throws(StoreError) {
        try database.query("UPDATE object SET \(column) = ? WHERE id = ?", [value, .integer(key)])
    }
}

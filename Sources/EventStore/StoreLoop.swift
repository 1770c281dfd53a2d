internal import Flow
internal import Foundation

/// Work of the writing thread: batches of events, changes, and retention in small pieces between them.
struct StoreLoop {
    /// Events of one transaction at most.
    static let batchSize = 200
    /// Seconds in which events gather to a batch.
    static let gathering = 0.5

    private let writer: StoreWriter
    private var database: Database
    /// Keys of objects that are seen at present, by camera and track.
    private var present: [Track: Int] = [:]
    private var hasWarned = false
    private var retention: StoreRetention

    private struct Track: Hashable {
        let camera: String
        let track: Int
    }

    init(_ writer: StoreWriter, _ database: Database) {
        self.writer = writer
        self.database = database
        retention = StoreRetention(writer.retention)
    }

    mutating func run() {
        endForgotten()
        while true {
            writer.wait(seconds: retention.isBusy ? 0.02 : 5, forItems: true)
            let isClosed = writer.isClosed
            if !isClosed && !retention.isBusy {
                writer.wait(seconds: Self.gathering, forItems: false)
            }
            let items = writer.take(Self.batchSize)
            write(items)
            if isClosed && items.isEmpty { return }
            prune(isClosed)
        }
    }

    /// Ends the objects of a run that was killed at their last event.
    private func endForgotten() {
        try? database.execute(
            "UPDATE object SET end = max(begin, coalesce((SELECT max(time) FROM event WHERE object = object.id), begin)) "
                + "WHERE end IS NULL")
    }

    private mutating func write(_ items: [StoreWriter.Item]) {
        guard !items.isEmpty else { return }
        let before = present
        var results: [(Bool, @Sendable (Bool) -> Void)] = []
        var events = 0
        do throws(StoreError) {
            try database.transaction { () throws(StoreError) in
                for item in items {
                    switch item {
                    case .event(let event):
                        try insert(event)
                        events += 1
                    case .change(let key, let change, let reply):
                        results.append((try apply(change, to: key), reply))
                    }
                }
            }
            writer.count { $0.written += events }
            hasWarned = false
        } catch {
            present = before
            results = results.map { (false, $0.1) }
            refuse(items, error, answered: results.count)
        }
        for (result, reply) in results { reply(result) }
    }

    /// Counts events that cannot be written, and begins a new database in place of a damaged one.
    private mutating func refuse(_ items: [StoreWriter.Item], _ error: StoreError, answered: Int) {
        var changes = 0
        for item in items {
            switch item {
            case .event: writer.count { $0.lost += 1 }
            case .change(_, _, let reply):
                changes += 1
                if changes > answered { reply(false) }
            }
        }
        if error.kind == .damaged { replaceDatabase(error) }
        // Once until a batch succeeds: a full disk would fill the log as well.
        guard !hasWarned else { return }
        hasWarned = true
        writer.report(
            error.message + " Cameras are still watched; events that do not reach the store are counted.")
    }

    private mutating func replaceDatabase(_ error: StoreError) {
        guard let name = try? writer.folder.setAside(),
            let (fresh, _) = try? writer.folder.openForWriting()
        else { return }
        database = fresh
        present = [:]
        writer.report("The event store's damaged database is kept as \(name); a new one is begun.")
    }

    private mutating func insert(_ event: NewEvent) throws(StoreError) {
        let track = Track(camera: event.camera, track: event.track)
        let key: Int
        if let known = present[track] { key = known } else { key = try begin(event) }
        present[track] = event.kind == "end" ? nil : key
        try database.query(
            "INSERT INTO event(object, time, camera, class, kind, place, json) VALUES(?,?,?,?,?,?,?)",
            [
                .integer(key), .integer(event.time), .text(event.camera), .text(event.className),
                .text(event.kind), SQLValue(event.place?.name), .text(event.json),
            ])
        try update(key, event)
        if let place = event.place { try add(place, to: key) }
        if !event.picture.isEmpty {
            try database.query(
                "INSERT OR IGNORE INTO picture(object, jpeg) VALUES(?,?)",
                [.integer(key), .blob(event.picture)])
        }
    }

    /// Inserts the object of an event and returns its key.
    private func begin(_ event: NewEvent) throws(StoreError) -> Int {
        try database.query(
            "INSERT INTO object(camera, track, class, begin, score, box, width, height) VALUES(?,?,?,?,?,?,?,?)",
            [
                .text(event.camera), .integer(event.track), .text(event.className),
                .integer(event.time), .real(event.score), .text(event.box),
                .integer(event.size.width), .integer(event.size.height),
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
            let count = try StoreRetention.delete([key], from: database)
            // Later events of an object that is still seen begin a new row.
            present = present.filter { $0.value != key }
            return count > 0
        }
        return database.changes > 0
    }

    private func set(_ column: String, _ value: SQLValue, _ key: Int) throws(StoreError) {
        try database.query("UPDATE object SET \(column) = ? WHERE id = ?", [value, .integer(key)])
    }

    private mutating func prune(_ isClosed: Bool) {
        guard !isClosed else { return }
        do throws(StoreError) {
            let removed = try retention.removePiece(
                from: database, now: Int(Date().timeIntervalSince1970 * 1000),
                mayRemoveOld: writer.mayRemoveOld)
            if removed > 0 { writer.count { $0.removed += removed } }
        } catch {
            retention.postpone()
        }
    }
}

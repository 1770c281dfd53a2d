internal import Flow

/// Removal of old objects in small pieces, so that no transaction is long.
///
/// The file shrinks by incremental vacuum, a few pages at a time; the whole file is never rewritten.
struct StoreRetention {
    /// Objects removed in one transaction.
    static let pieceSize = 100
    /// Pages returned to the file system in one transaction.
    static let pagesPerPiece = 200
    /// Nanoseconds between two checks while nothing is to be removed.
    static let interval: UInt64 = 60_000_000_000

    private let limits: StoreWriter.Retention
    private var nextCheck: UInt64 = 0
    /// True while a piece was removed and more may follow.
    private(set) var isBusy = false

    init(_ limits: StoreWriter.Retention) { self.limits = limits }

    /// Removes one piece when it is time; returns the number of objects removed.
    mutating func removePiece(
        from database: Database, now: Int, mayRemoveOld: () -> Bool
    ) throws(StoreError) -> Int {
        let clock = MonotonicClock.system.now
        guard isBusy || clock >= nextCheck else { return 0 }
        nextCheck = clock + Self.interval
        let keys = try candidates(database, now: now, mayRemoveOld: mayRemoveOld())
        var removed = 0
        if !keys.isEmpty {
            try database.transaction { () throws(StoreError) in
                removed = try Self.delete(keys, from: database)
            }
        }
        let free = try database.integer("PRAGMA freelist_count")
        if free > 0 { try database.query("PRAGMA incremental_vacuum(\(Self.pagesPerPiece))") }
        isBusy = removed > 0 || free > Self.pagesPerPiece
        return removed
    }

    /// Waits for the next interval, after an error.
    mutating func postpone() { isBusy = false }

    private func candidates(
        _ database: Database, now: Int, mayRemoveOld: Bool
    ) throws(StoreError) -> [Int] {
        var keys: [Int] = []
        if mayRemoveOld { keys = try old(database, now: now) }
        if keys.isEmpty, let keepSize = limits.keepSize, try Self.size(of: database) > keepSize {
            keys = try Self.keys(database, "object_begin", "TRUE", [])
        }
        return keys
    }

    private func old(_ database: Database, now: Int) throws(StoreError) -> [Int] {
        for (name, seconds) in limits.keepForClass.sorted(by: { $0.key < $1.key }) {
            let keys = try Self.keys(
                database, "object_class", "class = ? AND begin < ?",
                [.text(name), .integer(now - Self.milliseconds(seconds))])
            guard keys.isEmpty else { return keys }
        }
        guard let keepFor = limits.keepFor else { return [] }
        let others = limits.keepForClass.keys.sorted()
        let marks = others.map { _ in "?" }.joined(separator: ",")
        return try Self.keys(
            database, "object_begin", "begin < ? AND class NOT IN (\(marks))",
            [.integer(now - Self.milliseconds(keepFor))] + others.map { .text($0) })
    }

    private static func milliseconds(_ seconds: Double) -> Int { Int(min(seconds, 1e12) * 1000) }

    /// Bytes of the database in use; pages that wait to be returned do not count.
    private static func size(of database: Database) throws(StoreError) -> Int {
        let pages =
            try database.integer("PRAGMA page_count") - database.integer("PRAGMA freelist_count")
        return pages * (try database.integer("PRAGMA page_size"))
    }

    private static func keys(
        _ database: Database, _ index: String, _ condition: String, _ values: [SQLValue]
    ) throws(StoreError) -> [Int] {
        var keys: [Int] = []
        try database.query(
            "SELECT id FROM object INDEXED BY \(index) WHERE \(condition) AND starred = 0 "
                + "AND end IS NOT NULL ORDER BY begin LIMIT \(pieceSize)", values
        ) {
            keys.append($0.integer(0))
            return true
        }
        return keys
    }

    /// Deletes objects with all that belongs to them; returns how many there were.
    static func delete(_ keys: [Int], from database: Database) throws(StoreError) -> Int {
        var count = 0
        for key in keys {
            for table in ["event", "place", "picture"] {
                try database.query("DELETE FROM \(table) WHERE object = ?", [.integer(key)])
            }
            try database.query("DELETE FROM object WHERE id = ?", [.integer(key)])
            count += database.changes
        }
        return count
    }
}

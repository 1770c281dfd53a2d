internal import Foundation

/// Work of the writing thread: batches of events and changes, and retention in small pieces between them.
struct StoreLoop {
    /// Events of one transaction at most.
    static let batchSize = 200
    /// Seconds in which events gather to a batch.
    static let gathering = 0.5

    private let writer: StoreWriter
    private var database: Database
    private var rows: StoreRows
    private var retention: StoreRetention
    /// Events of a batch that is tried again, while the disk is full or the database locked.
    private var held: [StoreWriter.Item] = []
    private var hasWarned = false

    init(_ writer: StoreWriter, _ database: Database) {
        self.writer = writer
        self.database = database
        rows = StoreRows(database)
        retention = StoreRetention(writer.retention)
    }

    mutating func run() {
        do throws(StoreError) { try rows.endForgotten() } catch { warn(error) }
        while true {
            gather()
            let isClosed = writer.isClosed
            let items = held + writer.take(Self.batchSize - held.count)
            held = []
            if isClosed && items.isEmpty { return }
            write(items, isLast: isClosed)
            if !isClosed { prune() }
        }
    }

    /// Waits for a batch: until it is large enough, or its first event has waited long enough.
    private func gather() {
        guard held.isEmpty else { return writer.wait(seconds: 1, items: .max) }
        guard !retention.isBusy else { return writer.wait(seconds: 0.02, items: 1) }
        writer.wait(seconds: 5, items: 1)
        writer.wait(seconds: Self.gathering, items: Self.batchSize)
    }

    private mutating func write(_ items: [StoreWriter.Item], isLast: Bool) {
        guard !items.isEmpty else { return }
        let before = rows
        do throws(StoreError) {
            answer(items, try rows.write(items))
            writer.count { $0.written += items.count(where: \.isEvent) }
            hasWarned = false
        } catch {
            rows = before
            answer(items, items.map { _ in false })
            keep(items.filter(\.isEvent), after: error, isLast)
            if error.kind == .damaged { replaceDatabase() }
            warn(error)
        }
    }

    private func answer(_ items: [StoreWriter.Item], _ results: [Bool]) {
        for case (.change(_, _, let reply), let result) in zip(items, results) { reply(result) }
    }

    /// Keeps events for the next attempt where one may succeed, and counts them as lost elsewhere.
    private mutating func keep(
        _ events: [StoreWriter.Item], after error: StoreError, _ isLast: Bool
    ) {
        guard [.full, .locked].contains(error.kind), !isLast else {
            return writer.count { $0.lost += events.count }
        }
        held = events
    }

    /// Warns once until a batch succeeds: a full disk would fill the log as well.
    private mutating func warn(_ error: StoreError) {
        guard !hasWarned else { return }
        hasWarned = true
        writer.report(
            error.message
                + " Cameras are still watched; events that do not reach the store are counted.")
    }

    private mutating func replaceDatabase() {
        guard let name = try? writer.folder.setAside(),
            let (fresh, _) = try? writer.folder.openForWriting()
        else { return }
        database = fresh
        rows = StoreRows(fresh)
        writer.report("The damaged event store is kept as \(name); a new one is begun.")
    }

    private mutating func prune() {
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

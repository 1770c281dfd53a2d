internal import Flow
internal import Foundation

/// Queue to the one thread that writes a store; posting never waits.
public final class StoreWriter: Sendable {
    /// Work of the thread.
    enum Item: Sendable {
        case event(NewEvent)
        case change(Int, ObjectChange, @Sendable (Bool) -> Void)

        var isEvent: Bool { if case .event = self { true } else { false } }
    }

    /// Events by outcome.
    public struct Counts: Sendable, Hashable {
        /// Events in the database.
        public var written = 0
        /// Events that did not fit into the queue, or could not be written.
        public var lost = 0
        /// Objects that retention removed.
        public var removed = 0
    }

    /// Age and size above which objects are removed; starred ones never are.
    public struct Retention: Sendable, Hashable {
        /// Seconds; nil for ever.
        public var keepFor: Double?
        /// Seconds by class, in place of `keepFor`.
        public var keepForClass: [String: Double] = [:]
        /// Bytes of the database; nil without limit.
        public var keepSize: Int?

        /// Nothing is removed.
        public init() {}
    }

    /// Largest number of waiting events.
    static let countLimit = 8192
    /// Largest memory of waiting pictures and texts in bytes.
    static let byteLimit = 32 << 20

    let folder: StoreFolder
    let retention: Retention
    let report: @Sendable (String) -> Void
    let mayRemoveOld: @Sendable () -> Bool
    /// Descriptor that keeps other writers out; nil once the store is closed.
    private let lock: Lock<Int32?>
    private let waiting = Lock(Waiting())
    private let counted = Lock(Counts())
    private let parker = Parker(spins: 0)
    private let opened: Lock<Database?>

    private struct Waiting: Sendable {
        var items: [Item] = []
        var bytes = 0
        /// Waiting changes of people, who wait for the answer.
        var changes = 0
        var isClosed = false
    }

    /// Opens or creates a store; a damaged database is set aside, and a full disk or a locked database is waited for.
    ///
    /// - Parameters:
    ///   - folder: Folder of the store, which no other process may write.
    ///   - retention: Limits of age and size.
    ///   - mayRemoveOld: False while the wall clock cannot be trusted.
    ///   - report: Receives warnings for people.
    /// - Throws: A ``StoreError``.
    public init(
        _ folder: StoreFolder, retention: Retention = Retention(),
        mayRemoveOld: @escaping @Sendable () -> Bool = { true },
        report: @escaping @Sendable (String) -> Void
    ) throws(StoreError) {
        self.folder = folder
        self.retention = retention
        self.report = report
        self.mayRemoveOld = mayRemoveOld
        let descriptor = try folder.lock()
        lock = Lock(descriptor)
        do throws(StoreError) {
            let (database, warning) = try folder.openForWriting()
            opened = Lock(database)
            if let warning { report(warning) }
        } catch {
            guard [.full, .locked].contains(error.kind) else {
                StoreLock.release(descriptor)
                throw error
            }
            opened = Lock(nil)
            report(error.message + " Events wait for it.")
        }
        if let warning = folder.networkWarning { report(warning) }
    }

    deinit { release() }

    private func release() {
        lock.withLock { descriptor in
            if let descriptor { StoreLock.release(descriptor) }
            descriptor = nil
        }
    }

    /// Events so far.
    public var counts: Counts { counted.withLock { $0 } }

    /// Posts an event; one that does not fit is counted as lost.
    public func post(_ event: NewEvent) {
        let bytes = 512 + event.json.utf8.count + event.picture.count
        let isAccepted = waiting.withLock { waiting in
            guard !waiting.isClosed, waiting.items.count < Self.countLimit,
                waiting.bytes + bytes <= Self.byteLimit
            else { return false }
            waiting.items.append(.event(event))
            waiting.bytes += bytes
            return true
        }
        if isAccepted { parker.wake() } else { counted.withLock { $0.lost += 1 } }
    }

    /// Changes an object and waits for the outcome: false when there is no such object, or nothing can be written.
    public func change(_ key: Int, _ change: ObjectChange) async -> Bool {
        await withCheckedContinuation { continuation in
            let isAccepted = waiting.withLock { waiting in
                guard !waiting.isClosed, waiting.items.count < Self.countLimit else {
                    return false
                }
                waiting.items.append(.change(key, change) { continuation.resume(returning: $0) })
                waiting.changes += 1
                return true
            }
            if isAccepted { parker.wake() } else { continuation.resume(returning: false) }
        }
    }

    /// Refuses further events; ``run()`` writes those that wait and returns.
    public func close() {
        waiting.withLock { $0.isClosed = true }
        parker.wake()
    }

    /// Writes until the store is closed; one thread calls it, once.
    public func run() {
        if let database = openedDatabase() {
            var loop = StoreLoop(self, database)
            loop.run()
        } else {
            refuseRest()
        }
        release()
    }

    /// Takes the opened database, or opens it as soon as that is possible; nil when the store is closed before.
    private func openedDatabase() -> Database? {
        if let database = opened.withLock({ $0.take() }) { return database }
        while !isClosed {
            if let (database, _) = try? folder.openForWriting() { return database }
            wait(seconds: 1, items: .max)
            // Nobody waits for an answer longer than that.
            for case .change(_, _, let reply) in takeChanges() { reply(false) }
        }
        return nil
    }

    private func refuseRest() {
        for item in take(.max) {
            switch item {
            case .event: count { $0.lost += 1 }
            case .change(_, _, let reply): reply(false)
            }
        }
    }

    /// Takes the waiting changes of people.
    private func takeChanges() -> [Item] {
        waiting.withLock { waiting in
            defer {
                waiting.items.removeAll { !$0.isEvent }
                waiting.changes = 0
            }
            return waiting.items.filter { !$0.isEvent }
        }
    }

    /// Waits up to some seconds for a number of items, a change or the end.
    func wait(seconds: Double, items: Int) {
        parker.wait(deadline: MonotonicClock.system.now + UInt64(seconds * 1e9)) {
            waiting.withLock { $0.isClosed || $0.changes > 0 || $0.items.count >= items }
        }
    }

    var isClosed: Bool { waiting.withLock { $0.isClosed } }

    /// Takes up to a number of waiting items.
    func take(_ count: Int) -> [Item] {
        waiting.withLock { waiting in
            let taken = Array(waiting.items.prefix(count))
            waiting.items.removeFirst(taken.count)
            for item in taken {
                switch item {
                case .event(let event):
                    waiting.bytes -= 512 + event.json.utf8.count + event.picture.count
                case .change: waiting.changes -= 1
                }
            }
            return taken
        }
    }

    func count(_ change: (inout Counts) -> Void) { counted.withLock { change(&$0) } }
}

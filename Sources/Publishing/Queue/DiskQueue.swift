internal import Flow
internal import Foundation
internal import Pipeline

/// Bounded queue of lines that survives the end of the program.
///
/// The entries are in memory; a journal beside them holds each until it is removed. A full or broken disk costs the
/// journal only: the entries still wait in memory, and the journal is written anew as soon as the disk allows. Above
/// the limit the oldest entry is dropped and counted. Whoever appends waits for the disk, never for a reader.
final class DiskQueue: Sendable {
    /// Numbers of a queue.
    struct Counts: Sendable, Hashable {
        /// Entries that wait.
        var waiting = 0
        /// Entries that were dropped, since the queue was full.
        var dropped = 0
        /// True while the journal cannot be written.
        var isUnsaved = false
    }

    private struct State: Sendable {
        var entries = WaitingEntries()
        var nextNumber: UInt64 = 1
        var dropped = 0
        var journal: Journal
    }

    private let limit: Int
    private let state: Lock<State>

    /// Reads the entries that an earlier run has left, the newest up to the limit.
    init(_ path: String, limit: Int) {
        self.limit = limit
        let (entries, next) = Journal.load(path)
        var state = State(journal: Journal(path))
        state.nextNumber = next
        for entry in entries.suffix(limit) { state.entries.append(entry) }
        state.dropped = max(entries.count - limit, 0)
        state.journal.rewrite(state.entries.all)
        self.state = Lock(state)
    }

    /// Present numbers.
    var counts: Counts {
        state.withLock {
            Counts(
                waiting: $0.entries.count, dropped: $0.dropped, isUnsaved: !$0.journal.isWhole)
        }
    }

    /// Appends a text without line feeds; drops the oldest entry when the queue is full.
    func append(_ text: String) {
        state.withLock { state in
            let entry = QueueEntry(
                number: state.nextNumber, text: text.filter { $0 != "\n" && $0 != "\r\n" })
            state.nextNumber += 1
            var lines = [JournalLine.waiting(number: entry.number, text: entry.text)]
            state.entries.append(entry)
            if state.entries.count > limit, let oldest = state.entries.first {
                state.entries.remove(oldest.number)
                state.dropped += 1
                lines.append(.done(number: oldest.number))
            }
            state.journal.append(lines, rest: state.entries)
        }
    }

    /// The oldest entry with a number above another; the entry stays.
    func entry(after number: UInt64) -> QueueEntry? {
        state.withLock { $0.entries.entry(after: number) }
    }

    /// Removes an entry that was delivered.
    func remove(_ number: UInt64) {
        state.withLock { state in
            guard state.entries.remove(number) != nil else { return }
            state.journal.append([.done(number: number)], rest: state.entries)
        }
    }

    /// Removes all entries, as dropped.
    func removeAll() {
        state.withLock { state in
            state.dropped += state.entries.count
            state.entries = WaitingEntries()
            state.journal.rewrite([])
        }
    }

    /// Flushes the journal to the disk, which protects it against a loss of power.
    func synchronize() { state.withLock { $0.journal.synchronize() } }
}

internal import Flow
internal import Foundation

/// File beside a queue to which every change is appended.
///
/// Removed entries stay in the file until they outweigh the others; then the file is replaced by one without them, in
/// one step. After an error of the disk the file is left alone and replaced later.
struct Journal: Sendable {
    private let path: String
    /// The open file; nil after an error.
    private var file: FileHandle?
    private var size = 0
    /// Size that the waiting entries had when the file was last replaced.
    private var sizeAtStart = 0
    private var isDirty = false
    /// Time before which a broken file is not tried again, in nanoseconds.
    private var retryAt: UInt64 = 0

    /// Bytes of removed entries that are not worth a new file.
    private static let slack = 256 << 10
    private static let retryDelay: UInt64 = 1_000_000_000

    init(_ path: String) { self.path = path }

    /// True while the file holds all entries.
    var isWhole: Bool { file != nil }

    /// The waiting entries of a file, oldest first, and the number of the next one.
    static func load(_ path: String) -> (entries: [QueueEntry], next: UInt64) {
        guard let data = FileManager.default.contents(atPath: path) else { return ([], 1) }
        return parse(String(decoding: data, as: UTF8.self))
    }

    /// The waiting entries of a file's text; lines that are damaged or written in part are skipped.
    static func parse(_ text: String) -> (entries: [QueueEntry], next: UInt64) {
        var texts: [UInt64: String] = [:]
        var last: UInt64 = 0
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            switch JournalLine(Substring(line).utf8) {
            case .waiting(let number, let text):
                texts[number] = text
                last = max(last, number)
            case .done(let number):
                texts[number] = nil
                last = max(last, number)
            case nil: continue
            }
        }
        let entries = texts.sorted { $0.key < $1.key }.map { QueueEntry(number: $0, text: $1) }
        // No program reaches such a number: the file is damaged, and the entries are numbered anew.
        guard last < 1 << 62 else { return renumbered(entries) }
        return (entries, last + 1)
    }

    private static func renumbered(_ entries: [QueueEntry]) -> ([QueueEntry], UInt64) {
        let entries = entries.enumerated().map {
            QueueEntry(number: UInt64($0.offset + 1), text: $0.element.text)
        }
        return (entries, UInt64(entries.count + 1))
    }

    /// Appends lines; `rest` are all waiting entries, which a new file holds where one is needed.
    mutating func append(_ lines: [JournalLine], rest: WaitingEntries) {
        guard let file else { return rewriteIfDue(rest) }
        let bytes = Data(lines.map(\.text).joined().utf8)
        do {
            try file.write(contentsOf: bytes)
            size += bytes.count
            isDirty = true
        } catch {
            // Part of the line may be in the file: its checksum fails, and the next file is without it.
            return close()
        }
        if size > 2 * sizeAtStart + Self.slack { rewrite(rest.all) }
    }

    /// Replaces the file by one with these entries.
    mutating func rewrite(_ entries: [QueueEntry]) {
        close()
        let lines = entries.map { JournalLine.waiting(number: $0.number, text: $0.text).text }
        let data = Data(lines.joined().utf8)
        do {
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            try file.seekToEnd()
            self.file = file
            (size, sizeAtStart, isDirty) = (data.count, data.count, true)
        } catch {
            file = nil
        }
    }

    /// Flushes what was written since the last time.
    mutating func synchronize() {
        guard isDirty, let file else { return }
        isDirty = false
        try? file.synchronize()
    }

    private mutating func rewriteIfDue(_ entries: WaitingEntries) {
        guard MonotonicClock.system.now >= retryAt else { return }
        rewrite(entries.all)
    }

    private mutating func close() {
        try? file?.close()
        file = nil
        retryAt = MonotonicClock.system.now + Self.retryDelay
    }
}

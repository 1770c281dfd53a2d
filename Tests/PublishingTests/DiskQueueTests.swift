import Foundation
import TestSupport
import Testing

@testable import Publishing

/// Queue of events on disk: bounded, in order, and whole after any end of the program.
struct DiskQueueTests {
    private func texts(_ queue: DiskQueue) -> [String] {
        var texts: [String] = []
        var last: UInt64 = 0
        while let entry = queue.entry(after: last) {
            texts.append(entry.text)
            last = entry.number
        }
        return texts
    }

    @Test func entriesSurviveInOrderUntilTheyAreRemoved() throws {
        let scratch = try Scratch()
        let path = scratch.path("q")
        do {
            let queue = DiskQueue(path, limit: 10)
            for number in 1...5 { queue.append("event \(number)") }
            queue.remove(2)
            queue.remove(2)
            #expect(texts(queue) == ["event 1", "event 3", "event 4", "event 5"])
        }
        let queue = DiskQueue(path, limit: 10)
        #expect(texts(queue) == ["event 1", "event 3", "event 4", "event 5"])
        queue.append("event 6")
        #expect(queue.entry(after: 5)?.text == "event 6")
    }

    @Test func fullQueueDropsAndCountsTheOldest() throws {
        let scratch = try Scratch()
        let queue = DiskQueue(scratch.path("q"), limit: 3)
        for number in 1...5 { queue.append("\(number)") }
        #expect(texts(queue) == ["3", "4", "5"])
        #expect(queue.counts == DiskQueue.Counts(waiting: 3, dropped: 2))
        // A smaller limit in the next run keeps the newest as well.
        let next = DiskQueue(scratch.path("q"), limit: 2)
        #expect(texts(next) == ["4", "5"] && next.counts.dropped == 1)
    }

    @Test func journalCutOffAtAnyByteKeepsEveryWholeLine() throws {
        let scratch = try Scratch()
        let path = scratch.path("q")
        let queue = DiskQueue(path, limit: 100)
        for number in 1...12 {
            queue.append("event é \(number)")
            if number.isMultiple(of: 3) { queue.remove(UInt64(number - 1)) }
        }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for length in 0...bytes.count {
            let cut = bytes.prefix(length)
            try cut.write(to: URL(fileURLWithPath: path))
            // Whole lines of the cut file, by a reader of its own.
            var expected: [String] = []
            let end = cut.lastIndex(of: 10).map { $0 + 1 } ?? 0
            for line in String(decoding: cut[..<end], as: UTF8.self).split(separator: "\n") {
                let parts = line.split(separator: " ", maxSplits: 2)
                let number = parts[0].dropFirst()
                if line.hasPrefix("+") {
                    expected.append("\(number) \(parts[2])")
                } else {
                    expected.removeAll { $0.hasPrefix("\(number) ") }
                }
            }
            let (entries, next) = Journal.load(path)
            let found = entries.map { "\($0.number) \($0.text)" }
            // The last line may be whole but for its line feed.
            #expect(found.starts(with: expected) || expected.count == found.count + 1, "\(length)")
            #expect(abs(found.count - expected.count) <= 1)
            #expect(next > entries.last?.number ?? 0)
            let reopened = DiskQueue(path, limit: 100)
            #expect(texts(reopened) == entries.map(\.text))
            reopened.append("new")
            #expect(texts(DiskQueue(path, limit: 100)) == entries.map(\.text) + ["new"])
        }
    }

    @Test(arguments: 0..<40) func damagedBytesCostTheLinesTheyAreIn(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let lines = (1...30).map { JournalLine.waiting(number: $0, text: "event \($0)").text }
        var bytes = Array(lines.joined().utf8)
        var damaged: Set<Int> = []
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            var start = 0
            for (index, line) in lines.enumerated() {
                let end = start + line.utf8.count
                if (start..<end).contains(place) {
                    damaged.insert(index + 1)
                    // Without its line feed a line runs into the next one.
                    if place == end - 1 { damaged.insert(index + 2) }
                }
                start = end
            }
            bytes[place] = UInt8.random(in: 0...255, using: &generator)
        }
        let found = Set(
            Journal.parse(String(decoding: bytes, as: UTF8.self)).entries.map(\.text))
        for number in 1...30 where !damaged.contains(number) {
            #expect(found.contains("event \(number)"))
        }
        #expect(found.isSubset(of: (1...30).map { "event \($0)" }))
    }

    @Test(arguments: 0..<20) func randomUseEqualsAListAcrossRuns(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let scratch = try Scratch()
        var queue = DiskQueue(scratch.path("q"), limit: 50)
        var model: [(number: UInt64, text: String)] = []
        for step in 0..<600 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<6:
                // Long texts make the file outgrow its slack.
                queue.append("\(step) " + String(repeating: "x", count: step * 3))
                let number = try #require(queue.entry(after: model.last?.number ?? 0)?.number)
                model.append((number, "\(step) " + String(repeating: "x", count: step * 3)))
                if model.count > 50 { model.removeFirst() }
            case 6..<9:
                guard let index = model.indices.randomElement(using: &generator) else { continue }
                queue.remove(model.remove(at: index).number)
            default: queue = DiskQueue(scratch.path("q"), limit: 50)
            }
        }
        #expect(texts(queue) == model.map(\.text))
        let size = try Data(contentsOf: scratch.file("q")).count
        #expect(size < 2 * 50 * 1800 + 300_000)
    }

    @Test func killedProgramLosesNothingThatWasAppended() throws {
        let scratch = try Scratch()
        let path = scratch.path("q")
        let queue = DiskQueue(path, limit: 100)
        for number in 1...20 { queue.append("\(number)") }
        // The file as a killed program leaves it: no close, no flush.
        let copy = scratch.path("copy")
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        #expect(texts(DiskQueue(copy, limit: 100)) == (1...20).map(String.init))
        queue.remove(1)
    }

    @Test func fullDiskKeepsEntriesInMemoryAndTheFileIsWrittenLater() throws {
        let scratch = try Scratch()
        let folder = scratch.path("disk")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let mount = Program.run("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder])
        guard mount.status == 0 else { return print("SKIPPED: no small disk can be mounted here") }
        defer { _ = Program.run("umount", ["-l", folder]) }
        let queue = DiskQueue("\(folder)/q", limit: 1000)
        queue.append("first")
        let filler = "\(folder)/filler"
        _ = Program.run("sh", ["-c", "cat /dev/zero >\(filler) 2>/dev/null"])
        for number in 1...50 { queue.append("\(number) " + String(repeating: "x", count: 1000)) }
        #expect(queue.counts.waiting == 51 && queue.counts.isUnsaved)
        #expect(queue.entry(after: 0)?.text == "first")
        try FileManager.default.removeItem(atPath: filler)
        usleep(1_100_000)
        queue.append("last")
        #expect(!queue.counts.isUnsaved)
        let reopened = DiskQueue("\(folder)/q", limit: 1000)
        #expect(reopened.counts.waiting == 52)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["q"])
    }

    @Test func unreadableFolderCostsTheJournalOnly() {
        let queue = DiskQueue("/proc/none/q", limit: 2)
        for number in 1...3 { queue.append("\(number)") }
        #expect(texts(queue) == ["2", "3"] && queue.counts.isUnsaved)
    }
}

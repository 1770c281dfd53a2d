import Flow
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SlotTests {
    @Test func onlyTheNewestIsTaken() {
        var slot = Slot<Int>()
        #expect(slot.writer.describe(put: 1) == "sent")
        #expect(slot.writer.describe(put: 2) == "replaced 1")
        #expect(slot.writer.describe(put: 3) == "replaced 2")
        #expect(slot.reader.describeTake() == "3")
        #expect(slot.reader.describeTake() == "empty")
        #expect(slot.writer.describe(put: 4) == "sent")
        #expect(slot.reader.describeTake() == "4")
    }

    @Test func theLastElementOutlivesItsWriter() {
        var slot = Slot<Int>()
        _ = slot.writer.put(5)
        var reader = readerAlone(of: slot)
        #expect(reader.describeTake() == "5")
        #expect(reader.describeTake() == "closed")
    }

    @Test func theWriterLearnsThatTheReaderIsGone() {
        var writer = writerAlone(of: Slot<Int>())
        #expect(writer.isClosed == true)
        #expect(writer.describe(put: 6) == "closed 6")
    }

    @Test(arguments: [false, true])
    func remainingElementsAreDestroyedOnce(taken: Bool) {
        let tally = Tally(count: 3)
        do {
            var slot = Slot<Counted>()
            for number in 0..<3 { _ = slot.writer.put(Counted(number: number, tally: tally)) }
            #expect(tally.counts == [1, 1, 0])
            if taken { _ = slot.reader.take() }
        }
        #expect(tally.counts == [1, 1, 1])
    }

    @Test func theReaderNeverSeesAnElementOlderThanTheNewest() throws {
        let count = 50_000
        let newest = Published()
        let slot = Slot<Int>()
        let tooOld = try runPair(
            slot,
            write: { writer in
                for number in 1...count {
                    _ = writer.put(number)
                    newest.number.store(number, ordering: .releasing)
                }
            },
            read: { reader in
                var last = 0
                var tooOld = 0
                while true {
                    let floor = newest.number.load(ordering: .acquiring)
                    switch reader.take() {
                    case .element(let number):
                        if number < floor || number <= last { tooOld += 1 }
                        last = number
                    case .empty:
                        // Only an element taken before may explain an empty slot.
                        if last < floor { tooOld += 1 }
                    case .closed:
                        return tooOld + (last == count ? 0 : 1)
                    }
                }
            })
        #expect(tooOld == 0)
    }

    @Test func writesBeforeAPutAreVisibleAfterTheTake() throws {
        let last = try runPair(
            Slot<Note>(),
            write: { writer in
                for number in 1...5000 {
                    let note = Note()
                    note.number = number
                    if case .replaced(let older) = writer.put(note) { older.number = -1 }
                }
            },
            read: { reader in
                var last = 0
                while true {
                    switch reader.take() {
                    case .element(let note):
                        guard note.number > last else { return -1 }
                        last = note.number
                        note.number = -1
                    case .empty: sched_yield()
                    case .closed: return last
                    }
                }
            })
        #expect(last == 5000)
    }

    @Test func everyElementIsEitherTakenOrReplaced() throws {
        let count = 20_000
        let tally = Tally(count: count)
        let replaced = Published()
        let taken = try runPair(
            Slot<Counted>(),
            write: { writer in
                var noise = SeededGenerator(seed: 4)
                for number in 0..<count {
                    switch writer.put(Counted(number: number, tally: tally)) {
                    case .sent: break
                    case .replaced: replaced.number.wrappingAdd(1, ordering: .relaxed)
                    case .closed: Issue.record("the reader stays to the end")
                    }
                    noise.dawdle()
                }
            },
            read: { reader in
                var noise = SeededGenerator(seed: 5)
                var taken = 0
                while true {
                    switch reader.take() {
                    case .element: taken += 1
                    case .empty: noise.dawdle()
                    case .closed: return taken
                    }
                }
            })
        #expect(taken + replaced.number.load(ordering: .relaxed) == count)
        #expect(tally.counts.allSatisfy { $0 == 1 })
    }

    @Test func closingInARaceDestroysEachElementOnce() throws {
        for round in 0..<3000 {
            let tally = Tally(count: 4)
            _ = try runPair(
                Slot<Counted>(),
                write: { writer in
                    for number in 0..<4 {
                        _ = writer.put(Counted(number: number, tally: tally))
                    }
                },
                read: { reader in
                    for _ in 0..<(round % 5) { _ = reader.take() }
                    return 0
                })
            #expect(tally.counts == [1, 1, 1, 1])
        }
    }

    @Test func steadyUseAllocatesNothing() {
        var slot = Slot<Counted>()
        let tally = Tally(count: 1)
        let count = repeatedAllocations {
            for round in 0..<1000 {
                _ = slot.writer.put(Counted(number: 0, tally: tally))
                if round % 3 == 0 { _ = slot.reader.take() }
            }
        }
        #expect(count ?? 0 == 0)
    }
}

/// Number that one thread publishes to another.
private final class Published: Sendable {
    let number = Atomic(0)
}

private func writerAlone(of slot: consuming Slot<Int>) -> SlotWriter<Int> {
    slot.writer
}

private func readerAlone(of slot: consuming Slot<Int>) -> SlotReader<Int> {
    slot.reader
}

/// Runs both ends on threads of their own and yields what the reader found.
private func runPair<Element: ~Copyable & Sendable>(
    _ slot: consuming Slot<Element>,
    write: @escaping @Sendable (inout SlotWriter<Element>) -> Void,
    read: @escaping @Sendable (inout SlotReader<Element>) -> Int
) throws -> Int {
    let writing = TransferBox(slot.writer)
    let reading = TransferBox(slot.reader)
    let writerThread = try Worker<Void, Never>(name: "write") {
        var writer = writing.take()
        write(&writer)
    }
    let readerThread = try Worker<Int, Never>(name: "read") {
        var reader = reading.take()
        return read(&reader)
    }
    writerThread.join()
    return readerThread.join()
}

extension SlotWriter<Int> {
    fileprivate mutating func describe(put number: Int) -> String {
        switch put(number) {
        case .sent: "sent"
        case .replaced(let older): "replaced \(older)"
        case .closed(let back): "closed \(back)"
        }
    }
}

extension SlotReader<Int> {
    fileprivate mutating func describeTake() -> String {
        switch take() {
        case .element(let number): "\(number)"
        case .empty: "empty"
        case .closed: "closed"
        }
    }
}

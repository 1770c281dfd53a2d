import Flow
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RingTests {
    @Test(arguments: [1, 2, 4, 64])
    func itHoldsExactlyItsCapacity(capacity: Int) {
        var ring = Ring<Int>(capacity: capacity)
        #expect(ring.producer.capacity == capacity)
        for number in 0..<capacity { #expect(ring.producer.accepts(number) == true) }
        #expect(ring.producer.accepts(capacity) == false)
        for number in 0..<capacity { #expect(ring.consumer.next() == number) }
        #expect(ring.consumer.next() == nil)
    }

    @Test func pushReturnsTheElementWhenFull() {
        let tally = Tally(count: 2)
        var ring = Ring<Counted>(capacity: 1)
        _ = ring.producer.push(Counted(number: 0, tally: tally))
        switch ring.producer.push(Counted(number: 1, tally: tally)) {
        case .full(let back): #expect(back.number == 1)
        case .accepted: Issue.record("there was no room")
        case .closed: Issue.record("nobody closed it")
        }
        #expect(tally.counts == [0, 1])
    }

    @Test func pushReturnsTheElementWhenTheConsumerIsGone() {
        let tally = Tally(count: 1)
        var producer = producerAlone()
        #expect(producer.isClosed == true)
        switch producer.push(Counted(number: 0, tally: tally)) {
        case .closed(let back): #expect(back.number == 0)
        case .accepted: Issue.record("nobody will take it")
        case .full: Issue.record("closed is more than full")
        }
    }

    @Test func popDistinguishesEmptyFromClosed() {
        var ring = Ring<Int>(capacity: 2)
        #expect(ring.consumer.describeTake() == "empty")
        _ = ring.producer.push(7)
        var consumer = consumerAlone(of: ring)
        #expect(consumer.describeTake() == "7")
        #expect(consumer.describeTake() == "closed")
        #expect(consumer.describeTake() == "closed")
    }

    @Test func elementsArriveInOrderOverManyRounds() {
        var ring = Ring<Int>(capacity: 4)
        var noise = SeededGenerator(seed: 1)
        var pushed = 0
        var popped = 0
        while popped < 10_000 {
            if Bool.random(using: &noise), ring.producer.accepts(pushed) { pushed += 1 }
            if Bool.random(using: &noise), let number = ring.consumer.next() {
                #expect(number == popped)
                popped += 1
            }
            #expect((0...4).contains(pushed - popped))
        }
    }

    @Test(arguments: [1, 2, 16, 1024])
    func elementsArriveInOrderAcrossThreads(capacity: Int) throws {
        let count = 50_000
        let ring = Ring<Int>(capacity: capacity)
        let firstWrong = try runPair(
            ring,
            produce: { producer in
                for number in 0..<count { producer.insist(on: number) }
            },
            consume: { consumer in
                var expected = 0
                while let number = consumer.insist() {
                    guard number == expected else { return number }
                    expected += 1
                }
                return expected
            })
        #expect(firstWrong == count)
    }

    @Test func writesBeforeAPushAreVisibleAfterThePop() throws {
        let sum = try runPair(
            Ring<Note>(capacity: 4),
            produce: { producer in
                for number in 0..<5000 {
                    let note = Note()
                    note.number = number
                    producer.insist(on: note)
                }
            },
            consume: { consumer in
                var sum = 0
                while let note = consumer.insist() {
                    sum += note.number
                    note.number = -1
                }
                return sum
            })
        #expect(sum == 5000 * 4999 / 2)
    }

    @Test func randomDelaysLoseNothing() throws {
        let tally = Tally(count: 20_000)
        let ring = Ring<Counted>(capacity: 8)
        let received = try runPair(
            ring,
            produce: { producer in
                var noise = SeededGenerator(seed: 2)
                for number in 0..<20_000 {
                    producer.insist(on: Counted(number: number, tally: tally))
                    noise.dawdle()
                }
            },
            consume: { consumer in
                var noise = SeededGenerator(seed: 3)
                var sum = 0
                while let element = consumer.insist() {
                    sum += element.number
                    noise.dawdle()
                }
                return sum
            })
        #expect(received == 20_000 * 19_999 / 2)
        #expect(tally.counts.allSatisfy { $0 == 1 })
    }

    @Test(arguments: 0...8)
    func remainingElementsAreDestroyedOnce(taken: Int) {
        let tally = Tally(count: 11)
        do {
            var ring = Ring<Counted>(capacity: 8)
            // Start off the first slot, so that the remaining elements wrap around.
            for number in 8..<11 {
                _ = ring.producer.push(Counted(number: number, tally: tally))
                _ = ring.consumer.pop()
            }
            for number in 0..<8 {
                _ = ring.producer.push(Counted(number: number, tally: tally))
            }
            for _ in 0..<taken { _ = ring.consumer.pop() }
            #expect(tally.counts.reduce(0, +) == 3 + taken)
        }
        #expect(tally.counts == Array(repeating: 1, count: 11))
    }

    @Test func aProducerThatClosesInARaceLosesNothing() throws {
        for _ in 0..<3000 {
            let ring = Ring<Int>(capacity: 4)
            let received = try runPair(
                ring,
                produce: { producer in
                    producer.insist(on: 0)
                    producer.insist(on: 1)
                },
                consume: { consumer in
                    var count = 0
                    while consumer.insist() != nil { count += 1 }
                    return count
                })
            #expect(received == 2)
        }
    }

    @Test func aConsumerThatClosesInARaceDestroysEachElementOnce() throws {
        for round in 0..<3000 {
            let tally = Tally(count: 6)
            let ring = Ring<Counted>(capacity: 2)
            _ = try runPair(
                ring,
                produce: { producer in
                    for number in 0..<6 {
                        producer.insist(on: Counted(number: number, tally: tally))
                    }
                },
                consume: { consumer in
                    for _ in 0..<(round % 4) { _ = consumer.insist() }
                    return 0
                })
            #expect(tally.counts == Array(repeating: 1, count: 6))
        }
    }

    @Test func steadyUseAllocatesNothing() {
        var ring = Ring<Counted>(capacity: 4)
        let tally = Tally(count: 1)
        let count = repeatedAllocations {
            for _ in 0..<1000 {
                _ = ring.producer.push(Counted(number: 0, tally: tally))
                _ = ring.consumer.pop()
            }
        }
        #expect(count ?? 0 == 0)
    }

    @Test func aCapacityMustBeAPowerOfTwo() async {
        await #expect(processExitsWith: .failure) { _ = Ring<Int>(capacity: 3) }
    }
}

/// A producer whose consumer was just destroyed.
private func producerAlone() -> Producer<Counted> {
    let ring = Ring<Counted>(capacity: 4)
    return ring.producer
}

/// A consumer whose producer was just destroyed.
private func consumerAlone(of ring: consuming Ring<Int>) -> Consumer<Int> {
    ring.consumer
}

/// Runs both ends on threads of their own and yields what the consumer found.
private func runPair<Element: ~Copyable & Sendable>(
    _ ring: consuming Ring<Element>,
    produce: @escaping @Sendable (inout Producer<Element>) -> Void,
    consume: @escaping @Sendable (inout Consumer<Element>) -> Int
) throws -> Int {
    let producing = TransferBox(ring.producer)
    let consuming = TransferBox(ring.consumer)
    let producerThread = try Worker<Void, Never>(name: "produce") {
        var producer = producing.take()
        produce(&producer)
    }
    let consumerThread = try Worker<Int, Never>(name: "consume") {
        var consumer = consuming.take()
        return consume(&consumer)
    }
    producerThread.join()
    return consumerThread.join()
}

extension Producer where Element: ~Copyable {
    /// Pushes until there is room; gives up when the consumer is gone.
    fileprivate mutating func insist(on element: consuming Element) {
        var element = element
        while true {
            switch push(element) {
            case .accepted: return
            case .closed: return
            case .full(let back):
                element = back
                sched_yield()
            }
        }
    }
}

extension Producer {
    fileprivate mutating func accepts(_ element: Element) -> Bool {
        switch push(element) {
        case .accepted: true
        case .full: false
        case .closed: false
        }
    }
}

extension Consumer where Element: ~Copyable {
    /// Pops until there is an element or the producer is gone.
    fileprivate mutating func insist() -> Element? {
        while true {
            switch pop() {
            case .element(let element): return element
            case .empty: sched_yield()
            case .closed: return nil
            }
        }
    }
}

extension Consumer<Int> {
    fileprivate mutating func next() -> Int? {
        switch pop() {
        case .element(let number): number
        case .empty: nil
        case .closed: nil
        }
    }

    fileprivate mutating func describeTake() -> String {
        switch pop() {
        case .element(let number): "\(number)"
        case .empty: "empty"
        case .closed: "closed"
        }
    }
}

import Synchronization
import TestSupport
import Testing

@testable import Flow

@Suite(.timeLimit(.minutes(1)))
struct BoundedQueueTests {
    /// Queue of numbers, each of which costs its value.
    private func queue(limit: Int = 10, maximumCount: Int = .max) -> BoundedQueue<Int> {
        BoundedQueue(limit: limit, maximumCount: maximumCount)
    }

    private func offer(_ number: Int, to queue: BoundedQueue<Int>) -> String {
        switch queue.offer(number, cost: number) {
        case .accepted: "accepted"
        case .full(let number): "full \(number)"
        case .closed(let number): "closed \(number)"
        }
    }

    @Test func anElementBeyondTheLimitIsReturned() {
        let queue = queue()
        #expect(offer(5, to: queue) == "accepted")
        #expect(offer(5, to: queue) == "accepted")
        #expect(offer(1, to: queue) == "full 1")
        #expect(queue.take() == 5)
        #expect(offer(4, to: queue) == "accepted")
        #expect((0..<2).map { _ in queue.take() } == [5, 4])
    }

    @Test func freeElementsFitAnywayAndOneOfAnyCostFitsAlone() {
        let queue = queue()
        #expect(offer(0, to: queue) == "accepted")
        #expect(offer(1000, to: queue) == "accepted")
        #expect(offer(0, to: queue) == "accepted")
        #expect(offer(1, to: queue) == "full 1")
    }

    @Test func theNumberOfElementsIsBoundedToo() {
        let queue = queue(maximumCount: 2)
        for _ in 0..<2 { #expect(offer(0, to: queue) == "accepted") }
        #expect(offer(0, to: queue) == "full 0")
        _ = queue.take()
        #expect(offer(0, to: queue) == "accepted")
    }

    @Test func waitingElementsCanBeTakenAfterClosing() {
        let queue = queue(limit: 1_000_000)
        for number in 0..<1000 { #expect(offer(number, to: queue) == "accepted") }
        queue.close()
        #expect(offer(7, to: queue) == "closed 7")
        for number in 0..<1000 { #expect(queue.take() == number) }
        #expect(queue.take() == nil)
    }

    @Test func theOldestAgeIsThatOfTheNextElement() {
        let time = ManualClock(start: 5)
        let queue = BoundedQueue<Int>(limit: 10, clock: time.clock)
        #expect(queue.oldestAge == 0)
        _ = queue.offer(1, cost: 1)
        time.advance(nanoseconds: 30)
        _ = queue.offer(2, cost: 1)
        #expect(queue.oldestAge == 30)
        _ = queue.take()
        #expect(queue.oldestAge == 0)
        time.advance(nanoseconds: 2)
        #expect(queue.oldestAge == 2)
        _ = queue.take()
        #expect(queue.oldestAge == 0)
    }

    @Test func takeWaitsForAnElement() throws {
        let queue = queue()
        let worker = try Worker<Int?, Never>(name: "consumer") { queue.take() }
        _ = queue.offer(7, cost: 1)
        #expect(worker.join() == 7)
    }

    @Test func closingEndsAWaitingTake() throws {
        let queue = queue()
        let worker = try Worker<Int?, Never>(name: "consumer") { queue.take() }
        queue.close()
        #expect(worker.join() == nil)
    }

    /// Every element is taken or returned, exactly once and in each producer's order.
    @Test func manyProducersLoseNothing() throws {
        let (producers, each) = (4, 3000)
        let tally = Tally(count: producers * each)
        let queue = BoundedQueue<Counted>(limit: 8)
        let refused = Atomic(0)
        let consumer = try Worker<[Int], Never>(name: "consumer") {
            var taken: [Int] = []
            while let element = queue.take() { taken.append(element.number) }
            return taken
        }
        let threads = try (0..<producers).map { producer in
            try Worker<Void, Never>(name: "producer") {
                for index in 0..<each {
                    let element = Counted(number: producer * each + index, tally: tally)
                    if case .full = queue.offer(element, cost: 1) {
                        refused.wrappingAdd(1, ordering: .relaxed)
                    }
                }
            }
        }
        for thread in threads { thread.join() }
        queue.close()
        let taken = consumer.join()
        #expect(taken.count + refused.load(ordering: .relaxed) == producers * each)
        #expect(tally.counts.allSatisfy { $0 == 1 })
        for producer in 0..<producers {
            let own = taken.filter { $0 / each == producer }
            #expect(own == own.sorted())
        }
    }

    @Test func elementsLeftBehindAreDestroyedWithTheQueue() {
        let tally = Tally(count: 3)
        do {
            let queue = BoundedQueue<Counted>(limit: 8)
            for number in 0..<3 { _ = queue.offer(Counted(number: number, tally: tally), cost: 1) }
            _ = queue.take()
        }
        #expect(tally.counts == [1, 1, 1])
    }
}

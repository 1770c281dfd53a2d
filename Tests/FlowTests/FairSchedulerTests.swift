import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Flow

@Suite(.timeLimit(.minutes(1)))
struct FairSchedulerTests {
    @Test func onlyTheNewestElementOfEachSourceIsTaken() {
        let scheduler = FairScheduler<Int>(weights: [1, 1], consumers: 1)
        #expect(replaced(scheduler.put(1, source: 0)) == nil)
        #expect(replaced(scheduler.put(2, source: 0)) == 1)
        #expect(replaced(scheduler.put(3, source: 1)) == nil)
        #expect(taken(scheduler.take(0)) == 2)
        #expect(taken(scheduler.take(0)) == 3)
    }

    @Test func closingReturnsWaitingElementsAndEndsTake() {
        let scheduler = FairScheduler<Int>(weights: [1, 1], consumers: 1)
        _ = scheduler.put(7, source: 1)
        var left: [Int] = []
        scheduler.close { left.append($0.source * 100 + $0.element) }
        #expect(left == [107])
        #expect(taken(scheduler.take(0)) == nil)
        guard case .closed(8) = scheduler.put(8, source: 0) else {
            Issue.record("a closed scheduler took an element")
            return
        }
    }

    /// Under load, service follows the weights whatever the speed of sending.
    @Test(arguments: [[1.0, 1, 1, 1], [2, 1, 1], [1, 3, 2, 0.5]])
    func sourcesAreServedInProportionToTheirWeights(weights: [Double]) {
        let time = ManualClock()
        let scheduler = FairScheduler<Int>(weights: weights, consumers: 1, clock: time.clock)
        var served = Array(repeating: 0, count: weights.count)
        for turn in 0..<3000 {
            for source in weights.indices { _ = scheduler.put(turn, source: source) }
            time.advance(nanoseconds: 1_000_000)
            if let taken = scheduler.take(0) { served[taken.source] += 1 }
        }
        let unit = 3000 / weights.reduce(0, +)
        for (count, weight) in zip(served, weights) {
            #expect(abs(Double(count) / (unit * weight) - 1) < 0.2, "\(served)")
        }
    }

    @Test func aRarelySendingSourceIsServedAtOnce() {
        let time = ManualClock()
        let scheduler = FairScheduler<Int>(weights: [1, 1, 1], consumers: 1, clock: time.clock)
        for turn in 0..<300 {
            for source in 0..<2 { _ = scheduler.put(turn, source: source) }
            if turn % 10 == 9 { _ = scheduler.put(turn, source: 2) }
            time.advance(nanoseconds: 1_000_000)
            guard let taken = scheduler.take(0) else { return }
            if turn % 10 == 9 { #expect(taken.source == 2) }
        }
    }

    /// Every element is either taken once or returned, in order, and never with two consumers.
    @Test func everyElementIsTakenOrReplacedAndASourceHasOneConsumerAtATime() throws {
        let sources = 5
        let each = 4000
        let scheduler = FairScheduler<Int>(
            weights: Array(repeating: 1, count: sources), consumers: 3)
        let tally = ServiceTally(sources: sources)
        let consumers = try (0..<3).map { number in
            try Worker<Void, Never>(name: "consumer") {
                while let taken = scheduler.take(number) {
                    tally.serve(taken.source, taken.element)
                }
            }
        }
        let senders = try (0..<sources).map { source in
            try Worker<Void, Never>(name: "sender") {
                for number in 1...each {
                    if case .replaced = scheduler.put(number, source: source) { tally.giveBack() }
                    if number % 64 == 0 { usleep(50) }
                }
            }
        }
        for sender in senders { sender.join() }
        usleep(20_000)
        var left = 0
        scheduler.close { _ in left += 1 }
        for consumer in consumers { consumer.join() }
        #expect(tally.mistakes.load(ordering: .relaxed) == 0)
        let counted =
            tally.served.load(ordering: .relaxed) + tally.returned.load(ordering: .relaxed) + left
        #expect(counted == sources * each)
    }

    private func taken(_ taken: consuming FairScheduler<Int>.Taken?) -> Int? {
        guard let taken else { return nil }
        return taken.element
    }

    private func replaced(_ outcome: consuming SendOutcome<Int>) -> Int? {
        switch consume outcome {
        case .replaced(let older): older
        case .sent: nil
        case .closed: nil
        }
    }
}

/// Counts of service, and of violations.
private final class ServiceTally: Sendable {
    let served = Atomic(0)
    let returned = Atomic(0)
    let mistakes = Atomic(0)
    private let last: [Lock<Int>]
    private let beingServed: Lock<Set<Int>> = Lock([])

    init(sources: Int) { last = (0..<sources).map { _ in Lock(0) } }

    func serve(_ source: Int, _ number: Int) {
        if !beingServed.withLock({ $0.insert(source).inserted }) {
            mistakes.wrappingAdd(1, ordering: .relaxed)
        }
        last[source].withLock { last in
            if number <= last { mistakes.wrappingAdd(1, ordering: .relaxed) }
            last = number
        }
        served.wrappingAdd(1, ordering: .relaxed)
        _ = beingServed.withLock { $0.remove(source) }
    }

    func giveBack() { returned.wrappingAdd(1, ordering: .relaxed) }
}

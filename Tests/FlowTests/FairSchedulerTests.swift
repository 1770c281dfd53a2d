import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Flow

@Suite(.timeLimit(.minutes(1)))
struct FairSchedulerTests {
    @Test func onlyTheNewestOfEachSeatIsTaken() {
        let board = FairScheduler<Int>(weights: [1, 1], takers: 1)
        #expect(replaced(board.put(1, seat: 0)) == nil)
        #expect(replaced(board.put(2, seat: 0)) == 1)
        #expect(replaced(board.put(3, seat: 1)) == nil)
        #expect(taken(board.take(0)) == 2)
        #expect(taken(board.take(0)) == 3)
    }

    @Test func aClosedBoardRefusesAndSendsHome() {
        let board = FairScheduler<Int>(weights: [1, 1], takers: 1)
        _ = board.put(7, seat: 1)
        var left: [Int] = []
        board.close { left.append($0.seat * 100 + $0.element) }
        #expect(left == [107])
        #expect(taken(board.take(0)) == nil)
        guard case .closed(8) = board.put(8, seat: 0) else {
            Issue.record("a closed board took an element")
            return
        }
    }

    /// With more senders than can be served, service follows the weights whatever the speed of sending.
    @Test(arguments: [[1.0, 1, 1, 1], [2, 1, 1], [1, 3, 2, 0.5]])
    func serviceFollowsTheWeights(weights: [Double]) {
        let time = ManualClock()
        let board = FairScheduler<Int>(weights: weights, takers: 1, clock: time.clock)
        var served = Array(repeating: 0, count: weights.count)
        for turn in 0..<3000 {
            for seat in weights.indices { _ = board.put(turn, seat: seat) }
            time.advance(nanoseconds: 1_000_000)
            if let taken = board.take(0) { served[taken.seat] += 1 }
        }
        let unit = 3000 / weights.reduce(0, +)
        for (count, weight) in zip(served, weights) {
            #expect(abs(Double(count) / (unit * weight) - 1) < 0.2, "\(served)")
        }
    }

    /// A seat that sends rarely is served at once: it was served longest ago.
    @Test func aRareSenderIsNeverStarved() {
        let time = ManualClock()
        let board = FairScheduler<Int>(weights: [1, 1, 1], takers: 1, clock: time.clock)
        for turn in 0..<300 {
            for seat in 0..<2 { _ = board.put(turn, seat: seat) }
            if turn % 10 == 9 { _ = board.put(turn, seat: 2) }
            time.advance(nanoseconds: 1_000_000)
            guard let taken = board.take(0) else { return }
            if turn % 10 == 9 { #expect(taken.seat == 2) }
        }
    }

    /// Many senders, many takers: what is sent is either taken once or given back, in order, and never in two hands.
    @Test func nothingIsLostAndASeatIsServedByOneAtATime() throws {
        let seats = 5
        let each = 4000
        let board = FairScheduler<Int>(weights: Array(repeating: 1, count: seats), takers: 3)
        let tally = BoardTally(seats: seats)
        let takers = try (0..<3).map { number in
            try Worker<Void, Never>(name: "taker") {
                while let taken = board.take(number) { tally.serve(taken.seat, taken.element) }
            }
        }
        let senders = try (0..<seats).map { seat in
            try Worker<Void, Never>(name: "sender") {
                for number in 1...each {
                    if case .replaced = board.put(number, seat: seat) { tally.giveBack() }
                    if number % 64 == 0 { usleep(50) }
                }
            }
        }
        for sender in senders { sender.join() }
        usleep(20_000)
        var left = 0
        board.close { _ in left += 1 }
        for taker in takers { taker.join() }
        #expect(tally.mistakes.load(ordering: .relaxed) == 0)
        let counted =
            tally.served.load(ordering: .relaxed) + tally.returned.load(ordering: .relaxed) + left
        #expect(counted == seats * each)
    }

    private func taken(_ taken: consuming FairScheduler<Int>.Taken?) -> Int? {
        guard let taken else { return nil }
        return taken.element
    }

    private func replaced(_ outcome: consuming PutOutcome<Int>) -> Int? {
        switch consume outcome {
        case .replaced(let older): older
        case .put: nil
        case .closed: nil
        }
    }
}

/// What takers saw, and whether it could be.
private final class BoardTally: Sendable {
    let served = Atomic(0)
    let returned = Atomic(0)
    let mistakes = Atomic(0)
    private let last: [Lock<Int>]
    private let hands: Lock<Set<Int>> = Lock([])

    init(seats: Int) { last = (0..<seats).map { _ in Lock(0) } }

    func serve(_ seat: Int, _ number: Int) {
        if !hands.withLock({ $0.insert(seat).inserted }) {
            mistakes.wrappingAdd(1, ordering: .relaxed)
        }
        last[seat].withLock { last in
            if number <= last { mistakes.wrappingAdd(1, ordering: .relaxed) }
            last = number
        }
        served.wrappingAdd(1, ordering: .relaxed)
        _ = hands.withLock { $0.remove(seat) }
    }

    func giveBack() { returned.wrappingAdd(1, ordering: .relaxed) }
}

/// A place for the newest element of each of many senders, emptied by a few takers in fair turns.
///
/// Senders never wait: a new element takes the place of one that nobody has taken yet, as in a ``Slot``. The seat that
/// was served longest ago is served next, by weight. What one seat sent is never in two takers' hands at once, so
/// that results come in order.
public final class FairScheduler<Element: ~Copyable & Sendable>: Sendable {
    /// An element and where it came from.
    @frozen
    public struct Taken: ~Copyable, Sendable {
        /// The sender's seat.
        public let seat: Int
        /// The newest that it had sent.
        public var element: Element
    }

    private struct State: Sendable {
        var order: FairQueue
        /// Takers that found nothing and sleep, or are about to.
        var idle: [Int] = []
        /// The seat that each taker serves.
        var serving: [Int?]
        var isClosed = false
    }

    private let cells: [Lock<Element?>]
    private let waiters: [Parker]
    private let state: Lock<State>
    private let clock: MonotonicClock

    /// A board.
    ///
    /// - Parameters:
    ///   - weights: one positive number a seat; a seat of twice the weight is served twice as often where not all
    ///     can be served as often as they send.
    ///   - takers: how many threads take, each under its own number from 0.
    ///   - clock: what time since the last service is measured with.
    public init(weights: [Double], takers: Int, clock: MonotonicClock = .system) {
        precondition(takers >= 1, "a board without takers")
        cells = weights.map { _ in Lock(nil) }
        waiters = (0..<takers).map { _ in Parker(spins: 0) }
        state = Lock(
            State(
                order: FairQueue(weights: weights, now: clock.now),
                serving: Array(repeating: nil, count: takers)))
        self.clock = clock
    }

    /// Puts an element on its sender's seat and gives back an older one that was never taken.
    public func put(_ element: consuming Element, seat: Int) -> PutOutcome<Element> {
        if state.withLock({ $0.isClosed }) { return .closed(element) }
        let offered = TransferBox(element)
        let older = cells[seat].withLock { cell in
            let older = cell.take()
            cell = offered.take()
            return older
        }
        let (isClosed, sleeper) = state.withLock { state in
            (state.isClosed, state.order.wait(seat) ? state.idle.popLast() : nil)
        }
        if let sleeper { waiters[sleeper].wake() }
        guard let older else {
            // Closing has passed this seat already, or it would have taken the element.
            if isClosed, let left = cells[seat].withLock({ $0.take() }) { return .closed(left) }
            return .put
        }
        return .replaced(older)
    }

    /// Waits for the element whose turn it is; nil once the board is closed.
    ///
    /// The seat that this taker served before is free again from here on.
    public func take(_ taker: Int) -> Taken? {
        while true {
            let seat = state.withLock { state -> Int? in
                if let served = state.serving[taker] { state.order.finish(served) }
                state.serving[taker] = state.isClosed ? nil : state.order.pick(now: clock.now)
                if state.serving[taker] == nil && !state.idle.contains(taker) {
                    state.idle.append(taker)
                }
                return state.serving[taker]
            }
            if let seat {
                // Nothing lies there when the element before was replaced just as it was taken.
                guard let element = cells[seat].withLock({ $0.take() }) else { continue }
                return Taken(seat: seat, element: element)
            }
            waiters[taker].wait {
                state.withLock { $0.isClosed || $0.order.canPick }
            }
            let isClosed = state.withLock { state in
                state.idle.removeAll { $0 == taker }
                return state.isClosed
            }
            if isClosed { return nil }
        }
    }

    /// Sends all takers home, and yields what nobody took, each with its seat.
    public func close(_ leftOver: (consuming Taken) -> Void = { _ in }) {
        state.withLock { $0.isClosed = true }
        for bell in waiters { bell.wake() }
        for (seat, cell) in cells.enumerated() {
            if let element = cell.withLock({ $0.take() }) {
                leftOver(Taken(seat: seat, element: element))
            }
        }
    }
}

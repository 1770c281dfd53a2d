/// Scheduler that hands the newest element of each of many sources to a few consumers, fairly.
///
/// Sources never wait: a new element replaces one that no consumer has taken yet, as in a ``Slot``. The source served
/// longest ago is served next, by weight. Two consumers never have elements of one source at the same time, so its
/// results are in order.
public final class FairScheduler<Element: ~Copyable & Sendable>: Sendable {
    /// Element together with its source.
    @frozen
    public struct Taken: ~Copyable, Sendable {
        /// Index of the source.
        public let source: Int
        /// Newest element of that source.
        public var element: Element
    }

    private struct State: Sendable {
        var order: ServiceOrder
        /// Consumers that found no element and sleep, or are about to sleep.
        var idle: [Int] = []
        /// Source that each consumer serves.
        var serving: [Int?]
        var isClosed = false
    }

    private let cells: [Lock<Element?>]
    private let waiters: [Parker]
    private let state: Lock<State>
    private let clock: MonotonicClock

    /// Creates a scheduler.
    ///
    /// - Parameters:
    ///   - weights: One positive number per source. Under load a source of twice the weight is
    ///     served twice as often.
    ///   - consumers: Number of threads that take, each under its own index from 0.
    ///   - clock: Clock that measures the time since a source was served.
    public init(weights: [Double], consumers: Int, clock: MonotonicClock = .system) {
        precondition(consumers >= 1, "a scheduler without consumers")
        cells = weights.map { _ in Lock(nil) }
        waiters = (0..<consumers).map { _ in Parker(spins: 0) }
        state = Lock(
            State(
                order: ServiceOrder(weights: weights, now: clock.now),
                serving: Array(repeating: nil, count: consumers)))
        self.clock = clock
    }

    /// Offers an element of a source and returns an older one that was never taken.
    public func put(_ element: consuming Element, source: Int) -> SendOutcome<Element> {
        if state.withLock({ $0.isClosed }) { return .closed(element) }
        let offered = TransferBox(element)
        let older = cells[source].withLock { cell in
            let older = cell.take()
            cell = offered.take()
            return older
        }
        let (isClosed, sleeper) = state.withLock { state in
            (state.isClosed, state.order.wait(source) ? state.idle.popLast() : nil)
        }
        if let sleeper { waiters[sleeper].wake() }
        guard let older else {
            // `close` has passed this cell already, or it would have taken the element.
            if isClosed, let left = cells[source].withLock({ $0.take() }) { return .closed(left) }
            return .sent
        }
        return .replaced(older)
    }

    /// Waits for the next element; nil once the scheduler is closed.
    ///
    /// Ends the service of the source that this consumer took from before.
    public func take(_ consumer: Int) -> Taken? {
        while true {
            let source = state.withLock { state -> Int? in
                if let served = state.serving[consumer] { state.order.finish(served) }
                state.serving[consumer] = state.isClosed ? nil : state.order.pick(now: clock.now)
                if state.serving[consumer] == nil && !state.idle.contains(consumer) {
                    state.idle.append(consumer)
                }
                return state.serving[consumer]
            }
            if let source {
                // The cell is empty when its element was taken before the source was marked again.
                guard let element = cells[source].withLock({ $0.take() }) else { continue }
                return Taken(source: source, element: element)
            }
            waiters[consumer].wait {
                state.withLock { $0.isClosed || $0.order.canPick }
            }
            let isClosed = state.withLock { state in
                state.idle.removeAll { $0 == consumer }
                return state.isClosed
            }
            if isClosed { return nil }
        }
    }

    /// Ends every `take` and hands each element that was never taken to `leftOver`.
    public func close(_ leftOver: (consuming Taken) -> Void = { _ in }) {
        state.withLock { $0.isClosed = true }
        for waiter in waiters { waiter.wake() }
        for (source, cell) in cells.enumerated() {
            if let element = cell.withLock({ $0.take() }) {
                leftOver(Taken(source: source, element: element))
            }
        }
    }
}

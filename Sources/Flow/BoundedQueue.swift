/// Bounded queue from many producers to one consumer that refuses elements instead of waiting.
///
/// Bounds are a total cost, such as bytes, and optionally a number of elements. For writers to
/// disks that may hang: producers never wait, and an element that does not fit is returned to its
/// producer, which counts it.
public final class BoundedQueue<Element: ~Copyable & Sendable>: Sendable {
    private struct Entry: Sendable {
        let element: TransferBox<Element>
        let cost: Int
        /// Nanoseconds on the queue's clock.
        let offeredAt: UInt64
    }

    private struct State: Sendable {
        var entries: [Entry] = []
        var head = 0
        var cost = 0
        var isClosed = false

        var count: Int { entries.count - head }

        mutating func removeFirst() -> Entry {
            let entry = entries[head]
            head += 1
            cost -= entry.cost
            if head == entries.count || head > 256 {
                entries.removeFirst(head)
                head = 0
            }
            return entry
        }
    }

    private let limit: Int
    private let maximumCount: Int
    private let clock: MonotonicClock
    private let state = Lock(State())
    private let notEmpty = Parker(spins: 0)

    /// Creates an empty queue.
    ///
    /// - Parameters:
    ///   - limit: Largest total cost of waiting elements. An element with cost 0 always fits, and an
    ///     element of any cost fits while all others have cost 0.
    ///   - maximumCount: Largest number of waiting elements.
    ///   - clock: Clock that measures ages.
    public init(limit: Int, maximumCount: Int = .max, clock: MonotonicClock = .system) {
        self.limit = limit
        self.maximumCount = maximumCount
        self.clock = clock
    }

    /// Appends an element of a cost, or returns it when the queue is full or closed; never waits.
    public func offer(_ element: consuming Element, cost: Int) -> OfferOutcome<Element> {
        let box = TransferBox(element)
        let refusal = state.withLock { state -> Refusal? in
            guard !state.isClosed else { return .closed }
            let fits = cost == 0 || state.cost == 0 || state.cost + cost <= limit
            guard fits, state.count < maximumCount else { return .full }
            state.entries.append(Entry(element: box, cost: cost, offeredAt: clock.now))
            state.cost += cost
            return nil
        }
        switch refusal {
        case .full: return .full(box.take())
        case .closed: return .closed(box.take())
        case nil:
            notEmpty.wake()
            return .accepted
        }
    }

    /// Waits for the oldest element; nil once the queue is closed and empty.
    ///
    /// One thread takes.
    public func take() -> Element? {
        notEmpty.wait { state.withLock { $0.count > 0 || $0.isClosed } }
        let entry = state.withLock { $0.count > 0 ? $0.removeFirst() : nil }
        return entry.map { $0.element.take() }
    }

    /// Nanoseconds that the oldest element has waited; 0 when the queue is empty.
    public var oldestAge: UInt64 {
        state.withLock { state in
            guard state.count > 0 else { return 0 }
            let (now, offeredAt) = (clock.now, state.entries[state.head].offeredAt)
            return now > offeredAt ? now - offeredAt : 0
        }
    }

    /// Refuses further elements; those that wait can still be taken.
    public func close() {
        state.withLock { $0.isClosed = true }
        notEmpty.wake()
    }

    private enum Refusal { case full, closed }
}

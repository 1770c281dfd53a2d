import Synchronization

/// Bounded queue from one thread to one other, as its two ends.
///
/// Neither end ever waits, locks or allocates: every call finishes in a fixed number of steps whatever the other thread
/// does. Neither end can be copied, so the types guarantee one producer and one consumer. ``Channel`` adds blocking.
///
/// The design follows Lamport's queue as mgeier's `rtrb` refines it: growing counters, each written
/// by one side, with a stale copy of the other side's counter that is refreshed only on demand.
@frozen
public struct Ring<Element: ~Copyable & Sendable>: ~Copyable {
    /// End that puts elements in; destroying it closes the ring.
    public var producer: Producer<Element>
    /// End that takes elements out; destroying it closes the ring.
    public var consumer: Consumer<Element>

    /// Creates a ring for `capacity` elements, a power of two and at least one.
    public init(capacity: Int) {
        let storage = RingStorage<Element>(capacity: capacity)
        producer = Producer(storage: storage)
        consumer = Consumer(storage: storage)
    }
}

/// Writing end of a ``Ring``.
public struct Producer<Element: ~Copyable & Sendable>: ~Copyable, Sendable {
    let storage: RingStorage<Element>
    /// Number of elements ever put in: this end's own counter, never read back from memory.
    private var tail = 0
    /// The consumer's counter as last seen; the true one is the same or larger.
    private var headSeen = 0

    init(storage: RingStorage<Element>) {
        self.storage = storage
    }

    deinit { close() }

    /// Tells the consumer that no more will come; layers above must wake it afterwards.
    func close() { storage.closed.writer.store(true, ordering: .releasing) }

    /// Capacity in elements.
    public var capacity: Int { storage.mask + 1 }

    /// True once the consumer is gone.
    public var isClosed: Bool { storage.closed.reader.load(ordering: .acquiring) }

    /// Appends an element, or returns it when the ring is full or the consumer is gone.
    public mutating func push(_ element: consuming Element) -> OfferOutcome<Element> {
        if isClosed { return .closed(element) }
        guard hasRoom() else { return .full(element) }
        // SAFETY: the slot lies outside head..<tail, so that the consumer does not touch it until
        // the releasing store below, and it holds no element.
        unsafe storage.slot(tail).initialize(to: element)
        tail += 1
        storage.tail.value.store(tail, ordering: .releasing)
        return .accepted
    }

    /// True when a push would find room; once true it stays true until the next push.
    public mutating func hasRoom() -> Bool {
        if tail - headSeen <= storage.mask { return true }
        headSeen = storage.head.value.load(ordering: .acquiring)
        return tail - headSeen <= storage.mask
    }
}

/// Reading end of a ``Ring``.
public struct Consumer<Element: ~Copyable & Sendable>: ~Copyable, Sendable {
    let storage: RingStorage<Element>
    /// Number of elements ever taken out: this end's own counter.
    private var head = 0
    /// The producer's counter as last seen; the true one is the same or larger.
    private var tailSeen = 0

    init(storage: RingStorage<Element>) {
        self.storage = storage
    }

    deinit { close() }

    /// Tells the producer to stop; layers above must wake it afterwards.
    func close() { storage.closed.reader.store(true, ordering: .releasing) }

    /// Capacity in elements.
    public var capacity: Int { storage.mask + 1 }

    /// Takes the oldest element; distinguishes an empty ring from a closed one.
    public mutating func pop() -> PopOutcome<Element> {
        guard isReady() else { return .empty }
        guard head != tailSeen else { return .closed }
        // SAFETY: head is below the producer's counter, read with acquire, so the slot holds a
        // fully written element; moving it out before the releasing store gives the slot back empty.
        let element = unsafe storage.slot(head).move()
        head += 1
        storage.head.value.store(head, ordering: .releasing)
        return .element(element)
    }

    /// True when a pop would return an element, or that the ring is closed.
    public mutating func isReady() -> Bool {
        if refreshed() { return true }
        // "Closed" is read before the last check: elements pushed before closing are then visible.
        guard storage.closed.writer.load(ordering: .acquiring) else { return false }
        _ = refreshed()
        return true
    }

    /// True when there is an element; reads the producer's counter if the copy shows none.
    private mutating func refreshed() -> Bool {
        if head != tailSeen { return true }
        tailSeen = storage.tail.value.load(ordering: .acquiring)
        return head != tailSeen
    }
}

/// Storage shared by both ends of a ring; it lives until the second end is gone.
///
/// SAFETY of `@unchecked Sendable`: the slots are the only unsynchronised state. A slot is written
/// only by the one producer while it lies outside `head..<tail`, and read only by the one consumer
/// while it lies inside; each hand-over is a releasing store read by an acquiring load.
@safe
final class RingStorage<Element: ~Copyable & Sendable>: @unchecked Sendable {
    let head = CachePaddedAtomic(0)
    let tail = CachePaddedAtomic(0)
    let closed = ClosedEnds()
    let mask: Int
    private let slots: UnsafeMutablePointer<Element>

    init(capacity: Int) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "capacity is no power of two")
        mask = capacity - 1
        unsafe slots = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    }

    /// Slot of an ever growing counter.
    func slot(_ counter: Int) -> UnsafeMutablePointer<Element> {
        unsafe slots + (counter & mask)
    }

    deinit {
        // Both ends are gone, and the last release of this object ordered their stores before it.
        let last = tail.value.load(ordering: .acquiring)
        var next = head.value.load(ordering: .acquiring)
        while next != last {
            // SAFETY: exactly the slots between the counters hold elements.
            unsafe slot(next).deinitialize(count: 1)
            next += 1
        }
        unsafe slots.deallocate()
    }
}

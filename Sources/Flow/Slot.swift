import Synchronization

/// Single-element buffer that keeps the newest element, as its two ends.
///
/// The writer never waits: a new element replaces one that was not taken yet, and the writer gets
/// the older one back. The reader never gets an element older than the newest one put in before its
/// call.
///
/// Three cells rotate: one is the writer's, one the reader's, and the third is between them and
/// changes hands by one atomic exchange.
@frozen
public struct Slot<Element: ~Copyable & Sendable>: ~Copyable {
    /// End that puts elements in; destroying it closes the slot.
    public var writer: SlotWriter<Element>
    /// End that takes the newest element out; destroying it closes the slot.
    public var reader: SlotReader<Element>

    /// Creates an empty slot.
    public init() {
        let storage = SlotStorage<Element>()
        writer = SlotWriter(storage: storage)
        reader = SlotReader(storage: storage)
    }
}

/// Writing end of a ``Slot``.
public struct SlotWriter<Element: ~Copyable & Sendable>: ~Copyable, Sendable {
    let storage: SlotStorage<Element>
    /// The writer's cell, always empty between calls.
    private var own = SlotState.writersFirstCell

    init(storage: SlotStorage<Element>) {
        self.storage = storage
    }

    deinit { close() }

    /// Tells the reader that no more will come; layers above must wake it afterwards.
    func close() { storage.closed.writer.store(true, ordering: .releasing) }

    /// True once the reader is gone.
    public var isClosed: Bool { storage.closed.reader.load(ordering: .acquiring) }

    /// Puts an element in and returns an older one that was never taken.
    public mutating func put(_ element: consuming Element) -> SendOutcome<Element> {
        if isClosed { return .closed(element) }
        // SAFETY: this cell belongs to the writer and is empty.
        unsafe storage.cell(own).initialize(to: element)
        let before = storage.exchange(SlotState(cell: own, isFresh: true))
        own = before.cell
        guard before.isFresh else { return .sent }
        // SAFETY: the exchange gave this cell to the writer, and it holds an element that was never
        // taken.
        return .replaced(unsafe storage.cell(own).move())
    }
}

/// Reading end of a ``Slot``.
public struct SlotReader<Element: ~Copyable & Sendable>: ~Copyable, Sendable {
    let storage: SlotStorage<Element>
    /// The reader's cell, always empty between calls.
    private var own = SlotState.readersFirstCell

    init(storage: SlotStorage<Element>) {
        self.storage = storage
    }

    deinit { close() }

    /// Tells the writer to stop; layers above must wake it afterwards.
    func close() { storage.closed.reader.store(true, ordering: .releasing) }

    /// Takes the newest element; distinguishes an empty slot from a closed one.
    public mutating func take() -> PopOutcome<Element> {
        guard isReady() else { return .empty }
        guard storage.holdsElement() else { return .closed }
        let newest = storage.exchange(SlotState(cell: own, isFresh: false))
        own = newest.cell
        // SAFETY: only the reader clears freshness, so the exchange yielded a cell with an element.
        return .element(unsafe storage.cell(own).move())
    }

    /// True when a take would return an element, or that the slot is closed.
    public func isReady() -> Bool {
        // "Closed" is set only after the last put, so that the check in `take` comes late enough.
        storage.holdsElement() || storage.closed.writer.load(ordering: .acquiring)
    }
}

/// Index of the middle cell, and whether it holds an element, packed into one integer.
struct SlotState {
    static let writersFirstCell = 0
    static let middlesFirstCell = 1
    static let readersFirstCell = 2
    private static let freshBit = 4

    let bits: Int

    init(bits: Int) {
        self.bits = bits
    }

    init(cell: Int, isFresh: Bool) {
        bits = cell | (isFresh ? Self.freshBit : 0)
    }

    var cell: Int { bits & 3 }
    var isFresh: Bool { bits & Self.freshBit != 0 }
}

/// Storage shared by both ends of a slot; it lives until the second end is gone.
///
/// SAFETY of `@unchecked Sendable`: the three cells are the only unsynchronised state. The
/// writer's, the reader's and the middle index are always different, an end accesses only its own
/// cell, and indices change hands by an exchange with acquire and release.
@safe
final class SlotStorage<Element: ~Copyable & Sendable>: @unchecked Sendable {
    private let middle = CachePaddedAtomic(
        SlotState(cell: SlotState.middlesFirstCell, isFresh: false).bits)
    let closed = ClosedEnds()
    private let cells: UnsafeMutablePointer<Element>

    init() {
        unsafe cells = UnsafeMutablePointer<Element>.allocate(capacity: 3)
    }

    func cell(_ index: Int) -> UnsafeMutablePointer<Element> {
        unsafe cells + index
    }

    func exchange(_ state: SlotState) -> SlotState {
        SlotState(bits: middle.value.exchange(state.bits, ordering: .acquiringAndReleasing))
    }

    func holdsElement() -> Bool {
        SlotState(bits: middle.value.load(ordering: .acquiring)).isFresh
    }

    deinit {
        let last = SlotState(bits: middle.value.load(ordering: .acquiring))
        if last.isFresh {
            // SAFETY: both ends are gone, and only a fresh middle cell holds an element.
            unsafe cell(last.cell).deinitialize(count: 1)
        }
        unsafe cells.deallocate()
    }
}

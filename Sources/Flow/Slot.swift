import Synchronization

/// A place for one element of which only the newest counts, as its two ends.
///
/// The writer never waits: a new element takes the place of one that nobody has taken yet, and the
/// writer gets the older one back, to count or to report. The reader therefore never sees an element
/// older than the newest one put in before it looked.
///
/// Three cells go round: one is the writer's, one the reader's, and the third lies between
/// them and changes hands by one atomic exchange.
@frozen
public struct Slot<Element: ~Copyable & Sendable>: ~Copyable {
    /// The end that puts elements in; destroying it closes the slot.
    public var writer: SlotWriter<Element>
    /// The end that takes the newest element out; destroying it closes the slot.
    public var reader: SlotReader<Element>

    /// An empty slot.
    public init() {
        let storage = SlotStorage<Element>()
        writer = SlotWriter(storage: storage)
        reader = SlotReader(storage: storage)
    }
}

/// The writing end of a ``Slot``.
public struct SlotWriter<Element: ~Copyable & Sendable>: ~Copyable, Sendable {
    let storage: SlotStorage<Element>
    /// The writer's cell, always empty between calls.
    private var own = SlotState.writersFirstCell

    init(storage: SlotStorage<Element>) {
        self.storage = storage
    }

    deinit { close() }

    /// Tells the reader that no more will come; for layers above that must wake it afterwards.
    func close() { storage.closed.writer.store(true, ordering: .releasing) }

    /// True once the reader is gone.
    public var isClosed: Bool { storage.closed.reader.load(ordering: .acquiring) }

    /// Puts an element in, and gives back an older one that was never taken.
    public mutating func put(_ element: consuming Element) -> SendOutcome<Element> {
        if isClosed { return .closed(element) }
        // SAFETY: this cell belongs to the writer and is empty.
        unsafe storage.cell(own).initialize(to: element)
        let before = storage.exchange(SlotState(cell: own, isFresh: true))
        own = before.cell
        guard before.isFresh else { return .sent }
        // SAFETY: the exchange made this cell ours, and it holds an element nobody took.
        return .replaced(unsafe storage.cell(own).move())
    }
}

/// The reading end of a ``Slot``.
public struct SlotReader<Element: ~Copyable & Sendable>: ~Copyable, Sendable {
    let storage: SlotStorage<Element>
    /// The reader's cell, always empty between calls.
    private var own = SlotState.readersFirstCell

    init(storage: SlotStorage<Element>) {
        self.storage = storage
    }

    deinit { close() }

    /// Tells the writer that nobody listens; for layers above that must wake it afterwards.
    func close() { storage.closed.reader.store(true, ordering: .releasing) }

    /// Takes the newest element out, or tells an empty slot from one that will stay empty.
    public mutating func take() -> PopOutcome<Element> {
        guard isReady() else { return .empty }
        guard storage.holdsElement() else { return .closed }
        let newest = storage.exchange(SlotState(cell: own, isFresh: false))
        own = newest.cell
        // SAFETY: only the reader clears freshness, so the exchange yielded a cell with an element.
        return .element(unsafe storage.cell(own).move())
    }

    /// Whether a take would yield an element, or news of the end, now.
    public func isReady() -> Bool {
        // "Closed" holds only after the last put, so that take's own look comes late enough.
        storage.holdsElement() || storage.closed.writer.load(ordering: .acquiring)
    }
}

/// Which cell lies between the two ends, and whether it holds an element, packed into one integer.
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

/// What both ends of a slot share; it lives until the second end is gone.
///
/// SAFETY of `@unchecked Sendable`: the three cells are the only unsynchronised state. The writer's,
/// the reader's and the middle index are always different, an end touches only its own cell, and
/// indices change hands by an exchange with acquire and release.
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

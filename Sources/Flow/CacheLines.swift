import Synchronization

/// Counter that shares its cache lines with no other variable.
///
/// Two neighbours of this type are 128 bytes apart: processors fetch lines of 64 bytes in pairs, so
/// that 64 bytes would still let one thread's writes slow the other's reads.
struct CachePaddedAtomic: ~Copyable {
    let value: Atomic<Int>
    private let padding = InlineArray<15, Int>(repeating: 0)

    init(_ start: Int) {
        value = Atomic(start)
    }
}

/// Closed flags of a ring or slot.
///
/// They have their own cache lines, since both sides read them for every element and they are
/// written once.
struct ClosedEnds: ~Copyable {
    /// True once the writing end is gone: no further element will come.
    let writer = Atomic(false)
    /// True once the reading end is gone: no element will be taken any more.
    let reader = Atomic(false)
    private let padding = InlineArray<15, Int>(repeating: 0)
}

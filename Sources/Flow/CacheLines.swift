import Synchronization

/// A counter that shares its cache lines with nothing else.
///
/// Two neighbours of this type lie 128 bytes apart: processors fetch lines of 64 bytes in pairs, so
/// that 64 would still let one thread's writes slow the other's reads.
struct CachePaddedAtomic: ~Copyable {
    let value: Atomic<Int>
    private let padding = InlineArray<15, Int>(repeating: 0)

    init(_ start: Int) {
        value = Atomic(start)
    }
}

/// Which ends of a ring or slot are gone, on cache lines of their own because both sides read them
/// for every element and they are written once.
struct ClosedEnds: ~Copyable {
    /// True once the writing end is gone: no further element will come.
    let writer = Atomic(false)
    /// True once the reading end is gone: nobody will take what is put in.
    let reader = Atomic(false)
    private let padding = InlineArray<15, Int>(repeating: 0)
}

import CAllocations
import Flow

/// Remembers how often each numbered element was destroyed.
final class Tally: Sendable {
    private let destructions: Lock<[Int]>

    init(count: Int) {
        destructions = Lock(Array(repeating: 0, count: count))
    }

    func note(_ number: Int) {
        destructions.withLock { $0[number] += 1 }
    }

    /// How often each element was destroyed, by number.
    var counts: [Int] { destructions.withLock { $0 } }
}

/// A noncopyable element that tells its tally when it dies.
struct Counted: ~Copyable, Sendable {
    let number: Int
    let tally: Tally

    deinit { tally.note(number) }
}

/// A repeatable generator of noise (SplitMix64).
struct Noise: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Passes a little time, now and then a lot of it.
    mutating func dawdle() {
        for _ in 0..<Int.random(in: 0..<200, using: &self) where next() == 0 { print("never") }
    }
}

/// How often the calling thread allocates while `body` runs; nil where that is not counted.
///
/// The body runs once beforehand: the first use of a generic type allocates its description.
func allocations(during body: () -> Void) -> Int? {
    guard tl_allocations_are_counted() != 0 else {
        print("SKIPPED: sanitizers bring their own allocator, so allocations are not counted")
        return nil
    }
    body()
    let before = tl_allocations_on_this_thread()
    body()
    return tl_allocations_on_this_thread() - before
}

/// An element with memory behind it, for ThreadSanitizer to watch.
///
/// By that memory it sees whether a hand-over orders what was written before; it does not see the
/// ring's own slots, which generic code moves.
///
/// SAFETY of `@unchecked Sendable`: one thread at a time has it, which is what tests prove.
final class Note: @unchecked Sendable {
    var number = 0
}

import Flow
import TestSupport

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

extension SeededGenerator {
    /// Passes a little time, now and then a lot of it.
    mutating func dawdle() {
        for _ in 0..<Int.random(in: 0..<200, using: &self) where next() == 0 { print("never") }
    }
}

/// How often the calling thread allocates while `body` runs for the second time; nil where that is not counted.
///
/// The first use of a generic type allocates its description.
func repeatedAllocations(during body: () -> Void) -> Int? {
    body()
    return allocations(inDebugToo: true, during: body)
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

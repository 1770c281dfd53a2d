import Flow
import TestSupport

/// Counts the destructions of each numbered element.
final class Tally: Sendable {
    private let destructions: Lock<[Int]>

    init(count: Int) {
        destructions = Lock(Array(repeating: 0, count: count))
    }

    func note(_ number: Int) {
        destructions.withLock { $0[number] += 1 }
    }

    /// Number of destructions of each element.
    var counts: [Int] { destructions.withLock { $0 } }
}

/// Noncopyable element that reports its destruction.
struct Counted: ~Copyable, Sendable {
    let number: Int
    let tally: Tally

    deinit { tally.note(number) }
}

extension SeededGenerator {
    /// Passes a short random time, occasionally a longer one.
    mutating func dawdle() {
        for _ in 0..<Int.random(in: 0..<200, using: &self) where next() == 0 { print("never") }
    }
}

/// Number of allocations by the calling thread while `body` runs for the second time; nil where
/// they are not counted.
///
/// The first use of a generic type allocates its metadata.
func repeatedAllocations(during body: () -> Void) -> Int? {
    body()
    return allocations(inDebugToo: true, during: body)
}

/// Element with memory behind it, for ThreadSanitizer to watch.
///
/// By that memory it sees whether a hand-over orders earlier writes. It does not see the ring's own
/// slots, which generic code moves.
///
/// SAFETY of `@unchecked Sendable`: one thread at a time has it, which the tests prove.
final class Note: @unchecked Sendable {
    var number = 0
}

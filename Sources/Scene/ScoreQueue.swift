/// Priority queue of (score, index) pairs: best score first, ties by lower index.
///
/// A binary heap: building takes O(n), each pop O(log n), so the best few cost no full sort. Storage is kept
/// between uses.
struct ScoreQueue: Sendable {
    /// Keys: bits of the score in the upper half, complement of the index in the lower.
    private var keys: [UInt64] = []

    mutating func reserveCapacity(_ count: Int) {
        keys.reserveCapacity(count)
    }

    mutating func removeAll() {
        keys.removeAll(keepingCapacity: true)
    }

    /// Appends without ordering; call `build` before the first `pop`.
    ///
    /// - Parameters:
    ///   - score: Not negative and not NaN, so that its bits order as its value does.
    ///   - index: Index of the candidate, below 2³².
    mutating func append(score: Float, index: Int) {
        assert(score >= 0, "a score's bits order only from zero upwards")
        let bits = (score + 0).bitPattern
        keys.append(UInt64(bits) << 32 | UInt64(~UInt32(index)))
    }

    /// Orders the appended pairs as a heap.
    mutating func build() {
        for node in stride(from: keys.count / 2 - 1, through: 0, by: -1) { sink(node) }
    }

    /// Removes and returns the index of the best candidate; nil when the queue is empty.
    mutating func pop() -> Int? {
        guard let best = keys.first else { return nil }
        let last = keys.removeLast()
        if !keys.isEmpty {
            keys[0] = last
            sink(0)
        }
        return Int(~UInt32(truncatingIfNeeded: best))
    }

    private mutating func sink(_ start: Int) {
        var node = start
        let key = keys[node]
        while true {
            var child = 2 * node + 1
            guard child < keys.count else { break }
            if child + 1 < keys.count, keys[child + 1] > keys[child] { child += 1 }
            guard keys[child] > key else { break }
            keys[node] = keys[child]
            node = child
        }
        keys[node] = key
    }
}

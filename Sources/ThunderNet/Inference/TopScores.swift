/// Selects the `limit` greatest of many scores without sorting; of equal scores, those with the lowest indices.
///
/// A radix selection: counts leading digits three times, over fewer scores each time. Deterministic; does not allocate
/// within its capacity.
struct TopScores: Sendable {
    /// The scores as integers of the same order.
    ///
    /// Elements from ``count`` on are stale.
    private var keys: [UInt32]
    private var count = 0
    /// Indices of the last selection, ascending.
    private(set) var selected: [Int] = []
    /// Keys that share the threshold's first digit.
    private var rivals: [UInt32] = []
    private var counts = [Int32](repeating: 0, count: 1 << 11)

    /// Creates storage for `capacity` scores, of which `limit` are selected.
    init(capacity: Int, limit: Int) {
        keys = Array(repeating: 0, count: capacity)
        rivals.reserveCapacity(capacity)
        selected.reserveCapacity(min(capacity, limit))
    }

    /// Removes all scores.
    mutating func removeAll() { count = 0 }

    /// Adds a score within the capacity.
    ///
    /// NaN is the least score.
    mutating func append(_ score: Float) {
        keys[count] = Self.key(score)
        count += 1
    }

    /// Adds several scores.
    mutating func append(_ scores: Span<Float>) {
        let range = count..<count + scores.count
        count = range.upperBound
        var all = keys.mutableSpan
        var new = all._mutatingExtracting(range)
        // Visible bounds let the compiler vectorize the loop.
        for index in 0..<min(new.count, scores.count) { new[index] = Self.key(scores[index]) }
    }

    /// An integer with the order of the score.
    ///
    /// Branch-free, so that loops vectorize.
    @inline(__always)
    private static func key(_ score: Float) -> UInt32 {
        let bits = score.bitPattern
        let sign = UInt32(bitPattern: Int32(bitPattern: bits) >> 31)
        return score.isNaN ? 0 : bits ^ (sign | 0x8000_0000)
    }

    /// Fills ``selected`` with the indices of the greatest scores, ascending.
    mutating func select(_ limit: Int) {
        selected.removeAll(keepingCapacity: true)
        guard count > limit else { return selected.append(contentsOf: 0..<count) }
        let threshold = threshold(limit)
        var equals = threshold.equals
        for index in 0..<count where keys[index] >= threshold.key {
            if keys[index] == threshold.key {
                guard equals > 0 else { continue }
                equals -= 1
            }
            selected.append(index)
        }
    }

    /// The least selected key, as far as its leading digits are known.
    private struct Threshold {
        var key: UInt32 = 0
        /// Number of selected keys among those that share the known digits.
        var equals: Int
    }

    private mutating func threshold(_ limit: Int) -> Threshold {
        var threshold = Threshold(equals: limit)
        rivals.removeAll(keepingCapacity: true)
        refine(&threshold, keys[..<count], shift: 21, bits: 11)
        for key in keys[..<count] where key >> 21 == threshold.key >> 21 { rivals.append(key) }
        refine(&threshold, rivals[...], shift: 10, bits: 11)
        rivals.removeAll { $0 >> 10 != threshold.key >> 10 }
        refine(&threshold, rivals[...], shift: 0, bits: 10)
        return threshold
    }

    /// Finds the next digit of the threshold among keys that share the previous digits.
    private mutating func refine(
        _ threshold: inout Threshold, _ keys: ArraySlice<UInt32>, shift: UInt32, bits: UInt32
    ) {
        let mask = (UInt32(1) << bits) - 1
        for index in counts.indices { counts[index] = 0 }
        for key in keys { counts[Int((key >> shift) & mask)] += 1 }
        var digit = Int(mask)
        while threshold.equals > Int(counts[digit]) {
            threshold.equals -= Int(counts[digit])
            digit -= 1
        }
        threshold.key |= UInt32(digit) << shift
    }
}

/// Finds the `limit` greatest of many numbers without sorting them; of equal ones, those that come first.
///
/// A radix selection: it counts how often leading digits occur, three times over fewer and fewer numbers. Deterministic, and free of
/// allocation once the numbers of the first use fitted.
struct TopScores: Sendable {
    /// The numbers as integers of the same order, those beyond ``count`` left over from before.
    private var keys: [UInt32]
    private var count = 0
    /// What the last selection found.
    private(set) var places: [Int] = []
    /// Those that share the threshold's first digit.
    private var rivals: [UInt32] = []
    private var counts = [Int32](repeating: 0, count: 1 << 11)

    /// Room for a number of scores, of which `limit` are selected.
    init(capacity: Int, limit: Int) {
        keys = Array(repeating: 0, count: capacity)
        rivals.reserveCapacity(capacity)
        places.reserveCapacity(min(capacity, limit))
    }

    /// Forgets the numbers.
    mutating func removeAll() { count = 0 }

    /// Adds a number, for which there must be room; one that is not a number is the least.
    mutating func append(_ score: Float) {
        keys[count] = Self.key(score)
        count += 1
    }

    /// Adds numbers that stand side by side.
    mutating func append(_ scores: Span<Float>) {
        let places = count..<count + scores.count
        count = places.upperBound
        var all = keys.mutableSpan
        var new = all._mutatingExtracting(places)
        // Bounds that are plain to see let the loop become vector instructions.
        for index in 0..<min(new.count, scores.count) { new[index] = Self.key(scores[index]) }
    }

    /// Without branches, so that it becomes vector instructions.
    @inline(__always)
    private static func key(_ score: Float) -> UInt32 {
        let bits = score.bitPattern
        let sign = UInt32(bitPattern: Int32(bitPattern: bits) >> 31)
        return score.isNaN ? 0 : bits ^ (sign | 0x8000_0000)
    }

    /// Fills ``places`` with those of the greatest numbers, in ascending order.
    mutating func select(_ limit: Int) {
        places.removeAll(keepingCapacity: true)
        guard count > limit else { return places.append(contentsOf: 0..<count) }
        let threshold = threshold(limit)
        var equals = threshold.equals
        for place in 0..<count where keys[place] >= threshold.key {
            if keys[place] == threshold.key {
                guard equals > 0 else { continue }
                equals -= 1
            }
            places.append(place)
        }
    }

    /// The least key that is kept, as far as its leading digits are known.
    private struct Threshold {
        var key: UInt32 = 0
        /// How many of the keys that share the known digits are kept.
        var equals: Int
    }

    private mutating func threshold(_ limit: Int) -> Threshold {
        var threshold = Threshold(equals: limit)
        rivals.removeAll(keepingCapacity: true)
        narrow(&threshold, keys[..<count], shift: 21, bits: 11)
        for key in keys[..<count] where key >> 21 == threshold.key >> 21 { rivals.append(key) }
        narrow(&threshold, rivals[...], shift: 10, bits: 11)
        rivals.removeAll { $0 >> 10 != threshold.key >> 10 }
        narrow(&threshold, rivals[...], shift: 0, bits: 10)
        return threshold
    }

    /// Finds the next digit of the threshold among keys that share those before.
    private mutating func narrow(
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

/// SplitMix64 (Steele, Lea, Flood): repeatable random numbers.
///
/// Inlinable, because some tests draw numbers in their innermost loops.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    @usableFromInline var state: UInt64

    /// Creates a generator with a seed.
    @inlinable public init(seed: UInt64) { state = seed }

    /// Next 64 bits.
    @inlinable public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

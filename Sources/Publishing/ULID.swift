internal import Foundation

/// Identifier of an event that sorts by time: 48 bits of milliseconds since 1970, then 80 random ones.
///
/// Written as 26 characters of Crockford's base 32 (github.com/ulid/spec).
enum ULID {
    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    /// A new identifier for a time.
    static func make(at time: Date) -> String {
        var random = SystemRandomNumberGenerator()
        return make(
            milliseconds: milliseconds(time),
            high: UInt16.random(in: 0...UInt16.max, using: &random),
            low: random.next())
    }

    /// The identifier of 48, 16 and 64 bits.
    static func make(milliseconds: UInt64, high: UInt16, low: UInt64) -> String {
        let value =
            (UInt128(milliseconds & 0xFFFF_FFFF_FFFF) << 80) | (UInt128(high) << 64) | UInt128(low)
        return String((0..<26).reversed().map { digits[Int((value >> (5 * UInt128($0))) & 31)] })
    }

    /// Milliseconds since 1970, without a sign.
    static func milliseconds(_ time: Date) -> UInt64 {
        UInt64(min(max(time.timeIntervalSince1970 * 1000, 0), 0xFFFF_FFFF_FFFF))
    }
}

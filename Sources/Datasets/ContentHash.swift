internal import Foundation

/// XXH64, a fast non-cryptographic hash for comparing contents.
///
/// Algorithm: Yann Collet, xxHash specification, 0.1.1.
public enum ContentHash {
    private static let primes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
        0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9,
        0x85EB_CA77_C2B2_AE63, 0x27D4_EB2F_1656_67C5
    )

    /// Computes the hash of bytes.
    public static func of(_ bytes: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
        var place = 0
        var hash: UInt64
        if bytes.count >= 32 {
            hash = stripes(bytes, seed, &place)
        } else {
            hash = seed &+ primes.4
        }
        hash &+= UInt64(bytes.count)
        while place + 8 <= bytes.count {
            hash ^= round(0, word(bytes, place, 8))
            hash = rotated(hash, 27) &* primes.0 &+ primes.3
            place += 8
        }
        if place + 4 <= bytes.count {
            hash ^= word(bytes, place, 4) &* primes.0
            hash = rotated(hash, 23) &* primes.1 &+ primes.2
            place += 4
        }
        while place < bytes.count {
            hash ^= UInt64(bytes[place]) &* primes.4
            hash = rotated(hash, 11) &* primes.0
            place += 1
        }
        hash = (hash ^ hash >> 33) &* primes.1
        hash = (hash ^ hash >> 29) &* primes.2
        return hash ^ hash >> 32
    }

    /// Computes the hash of a file's contents as sixteen hexadecimal digits.
    ///
    /// - Throws: A ``DatasetError`` if the file cannot be read.
    public static func ofFile(_ path: String) throws(DatasetError) -> String {
        text(of([UInt8](try PlainFile.bytes(of: path)).span))
    }

    /// Formats a hash as sixteen hexadecimal digits.
    public static func text(_ hash: UInt64) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Processes stripes of 32 bytes in four lanes.
    private static func stripes(
        _ bytes: Span<UInt8>, _ seed: UInt64, _ place: inout Int
    ) -> UInt64 {
        var lanes = SIMD4<UInt64>(
            seed &+ primes.0 &+ primes.1, seed &+ primes.1, seed, seed &- primes.0)
        while place + 32 <= bytes.count {
            for lane in 0..<4 {
                lanes[lane] = round(lanes[lane], word(bytes, place + 8 * lane, 8))
            }
            place += 32
        }
        var hash =
            rotated(lanes[0], 1) &+ rotated(lanes[1], 7) &+ rotated(lanes[2], 12)
            &+ rotated(lanes[3], 18)
        for lane in 0..<4 {
            hash = (hash ^ round(0, lanes[lane])) &* primes.0 &+ primes.3
        }
        return hash
    }

    @inline(__always)
    private static func round(_ sum: UInt64, _ input: UInt64) -> UInt64 {
        rotated(sum &+ input &* primes.1, 31) &* primes.0
    }

    @inline(__always)
    private static func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 {
        value << count | value >> (64 - count)
    }

    /// Reads `count` bytes as a little-endian number.
    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, _ place: Int, _ count: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<count { value |= UInt64(bytes[place + index]) << UInt64(8 * index) }
        return value
    }
}

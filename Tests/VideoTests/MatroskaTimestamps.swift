import Foundation

/// Timestamps of a track's first blocks as stored in a Matroska file; FFmpeg changes negative ones.
enum MatroskaTimestamps {
    private static let containers: Set<UInt64> = [0x1853_8067, 0x1F43_B675]
    private static let clusterTime: UInt64 = 0xE7
    private static let simpleBlock: UInt64 = 0xA3

    static func first(_ count: Int, ofTrack track: UInt8, in path: String) throws -> [Int] {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var at = 0
        var cluster = 0
        var timestamps: [Int] = []
        while at < bytes.count, timestamps.count < count {
            let name = number(bytes, &at, keepsMark: true)
            let size = Int(clamping: number(bytes, &at, keepsMark: false))
            if containers.contains(name) { continue }
            if name == clusterTime {
                cluster = bytes[at..<(at + size)].reduce(0) { $0 << 8 | Int($1) }
            } else if name == simpleBlock, bytes[at] & 0x7F == track {
                let step = UInt16(bytes[at + 1]) << 8 | UInt16(bytes[at + 2])
                timestamps.append(cluster + Int(Int16(bitPattern: step)))
            }
            at += min(size, bytes.count - at)
        }
        return timestamps
    }

    /// Variable-length number, whose leading zeros give its size in bytes.
    private static func number(_ bytes: [UInt8], _ at: inout Int, keepsMark: Bool) -> UInt64 {
        guard at < bytes.count else { return 0 }
        let length = bytes[at].leadingZeroBitCount + 1
        var value = UInt64(bytes[at])
        if !keepsMark { value &= (1 << (8 - length)) - 1 }
        for next in bytes[(at + 1)..<min(at + length, bytes.count)] {
            value = value << 8 | UInt64(next)
        }
        at += length
        return value
    }
}

/// Box of an ISO base media file in memory (ISO/IEC 14496-12, 4.2).
struct BoxSpan {
    /// Four letters of its type.
    var name: String
    /// Offset of its size field.
    var start: Int
    /// Bytes after size and type.
    var content: Range<Int>

    /// Consecutive boxes in a range; ends before the first one that is incomplete.
    static func boxes(in range: Range<Int>, of bytes: [UInt8]) -> [BoxSpan] {
        var found: [BoxSpan] = []
        var at = range.lowerBound
        while at + 8 <= range.upperBound {
            let size = Int(number(at: at, of: bytes))
            guard size >= 8, at + size <= range.upperBound else { break }
            let name = String(decoding: bytes[at + 4..<at + 8], as: UTF8.self)
            found.append(BoxSpan(name: name, start: at, content: at + 8..<at + size))
            at += size
        }
        return found
    }

    /// True if the bytes are whole boxes, at least one.
    static func areWhole(_ bytes: [UInt8]) -> Bool {
        boxes(in: 0..<bytes.count, of: bytes).last?.content.upperBound == bytes.count
    }

    /// Big-endian number of 32 bits.
    static func number(at: Int, of bytes: [UInt8]) -> UInt32 {
        bytes[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// Check of a JPEG image's compressed data (ITU-T T.81): FFmpeg decodes half an image, or one whose
/// end was overwritten, without an error.
///
/// Follows the Huffman codes of baseline images without computing pixels. Padding after the end
/// marker, and a missing end marker behind a whole image, are no damage.
struct JPEGScan {
    /// Kind of an image's data.
    enum Verdict: Equatable {
        /// All blocks are present, and only padding follows.
        case whole
        /// Blocks are missing, or data is left after the last one.
        case damaged
        /// Form that is not followed: progressive, arithmetic or without its own tables.
        case unknown
    }

    private struct Component {
        var id: UInt8
        var width: Int
        var height: Int
    }

    private let bytes: [UInt8]
    private var at = 2
    private var tables: [UInt8: HuffmanTable] = [:]
    private var components: [Component] = []
    private var size = (width: 0, height: 0)
    private var restartInterval = 0

    /// Bytes that an encoder may leave before a marker.
    private static let slack = 16

    /// Judges an image.
    static func judge(_ bytes: [UInt8]) -> Verdict {
        guard bytes.count > 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else {
            return .unknown
        }
        var scan = JPEGScan(bytes: bytes)
        return scan.judge()
    }

    /// True if the data has an end marker with nothing but padding after it, and no long run of
    /// zeros: a quick look that needs no check.
    static func looksWhole(_ bytes: [UInt8]) -> Bool {
        var end = bytes.count
        while end > 2, bytes[end - 1] == 0 || bytes[end - 1] == 0xFF { end -= 1 }
        guard end > 2, bytes[end - 1] == 0xD9, bytes[end - 2] == 0xFF else {
            return false
        }
        // A run of 24 zeros covers a multiple of 12.
        for index in stride(from: 0, to: end - 24, by: 12) where bytes[index] == 0 {
            var first = index
            while first > 0, bytes[first - 1] == 0 { first -= 1 }
            var last = index
            while last < end, bytes[last] == 0 { last += 1 }
            if last - first >= 24 { return false }
        }
        return true
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func judge() -> Verdict {
        var scans = 0
        while at + 1 < bytes.count {
            guard bytes[at] == 0xFF else { return verdictWithout(scans) }
            let marker = bytes[at + 1]
            if marker == 0xFF {
                at += 1
                continue
            }
            if marker == 0xD9 { return scans > 0 ? .whole : .unknown }
            guard at + 3 < bytes.count else { return .damaged }
            let length = number(at + 2)
            guard length >= 2, at + 2 + length <= bytes.count else { return .damaged }
            let segment = at + 4..<at + 2 + length
            at = segment.upperBound
            switch marker {
            case 0xC0, 0xC1: guard readFrame(segment) else { return .unknown }
            case 0xC4: readTables(segment)
            case 0xDD: restartInterval = segment.count >= 2 ? number(segment.lowerBound) : 0
            case 0xC2: return hasEnd ? .unknown : .damaged
            case 0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF: return .unknown
            case 0xDA:
                switch readScan(segment) {
                case .whole: scans += 1
                case let other: return other
                }
            default: break
            }
        }
        return verdictWithout(scans)
    }

    /// Verdict on data that continues or ends without an end marker.
    private func verdictWithout(_ scans: Int) -> Verdict {
        guard scans > 0, !components.isEmpty else { return .damaged }
        return isPadding(at..<bytes.count) || bytes.count - at <= Self.slack ? .whole : .damaged
    }

    /// True for zeros or ones that the last block's data does not belong to.
    private func isPadding(_ range: Range<Int>) -> Bool {
        guard range.allSatisfy({ bytes[$0] == 0 || bytes[$0] == 0xFF }) else { return false }
        var first = range.lowerBound
        while first > 0, bytes[first - 1] == 0 { first -= 1 }
        return range.lowerBound - first <= 8
    }

    private var hasEnd: Bool {
        bytes.indices.dropLast().reversed().contains {
            bytes[$0] == 0xFF && bytes[$0 + 1] == 0xD9
        }
    }

    private func number(_ index: Int) -> Int {
        Int(bytes[index]) << 8 | Int(bytes[index + 1])
    }

    private mutating func readFrame(_ segment: Range<Int>) -> Bool {
        let start = segment.lowerBound
        guard segment.count >= 6, bytes[start] == 8 else { return false }
        size = (number(start + 3), number(start + 1))
        let count = Int(bytes[start + 5])
        guard segment.count >= 6 + 3 * count, count > 0, size.width > 0, size.height > 0 else {
            return false
        }
        components = (0..<count).map { index in
            let place = start + 6 + 3 * index
            let sampling = bytes[place + 1]
            return Component(
                id: bytes[place], width: Int(sampling >> 4), height: Int(sampling & 15))
        }
        return components.allSatisfy { (1...4).contains($0.width) && (1...4).contains($0.height) }
    }

    private mutating func readTables(_ segment: Range<Int>) {
        var place = segment.lowerBound
        while place + 17 <= segment.upperBound {
            let counts = (1...16).map { Int(bytes[place + $0]) }
            let end = place + 17 + counts.reduce(0, +)
            guard end <= segment.upperBound else { return }
            tables[bytes[place]] = HuffmanTable(counts, bytes[(place + 17)..<end])
            place = end
        }
    }

    private mutating func readScan(_ segment: Range<Int>) -> Verdict {
        let start = segment.lowerBound
        guard segment.count >= 1, !components.isEmpty else { return .unknown }
        let count = Int(bytes[start])
        guard segment.count >= 1 + 2 * count, count > 0 else { return .damaged }
        var blocks: [(dc: HuffmanTable, ac: HuffmanTable)] = []
        var only: Component?
        for index in 0..<count {
            let id = bytes[start + 1 + 2 * index]
            let choice = bytes[start + 2 + 2 * index]
            guard let component = components.first(where: { $0.id == id }),
                let dc = tables[choice >> 4], let ac = tables[0x10 | choice & 15]
            else { return .unknown }
            only = component
            let inUnit = count == 1 ? 1 : component.width * component.height
            blocks += Array(repeating: (dc, ac), count: inUnit)
        }
        var reader = ScanBits(bytes, from: at)
        let units = units(count == 1 ? only : nil)
        for unit in 0..<units {
            if restartInterval > 0, unit > 0, unit % restartInterval == 0 {
                guard reader.skipRestart() else { return .damaged }
            }
            for block in blocks where !reader.skipBlock(block.dc, block.ac) { return .damaged }
        }
        return follow(reader)
    }

    /// Goes on to the marker behind the last block.
    private mutating func follow(_ reader: ScanBits) -> Verdict {
        at = reader.position
        for place in at..<min(at + Self.slack, bytes.count)
        where place + 1 < bytes.count && bytes[place] == 0xFF && bytes[place + 1] != 0 {
            at = place
            break
        }
        return .whole
    }

    /// Coded units of a scan: of all components, or blocks of the only one.
    private func units(_ only: Component?) -> Int {
        let widest = components.map(\.width).max() ?? 1
        let highest = components.map(\.height).max() ?? 1
        let across = { (length: Int, part: Int, of: Int) in
            ((length * part + of - 1) / of + 7) / 8
        }
        if let only {
            return across(size.width, only.width, widest)
                * across(size.height, only.height, highest)
        }
        return ((size.width + 8 * widest - 1) / (8 * widest))
            * ((size.height + 8 * highest - 1) / (8 * highest))
    }
}

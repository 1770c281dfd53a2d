/// Huffman table of a JPEG image (ITU-T T.81, annex C).
struct HuffmanTable {
    /// Largest code of each length from 1 to 16; -1 for lengths without codes.
    private var largest = [Int](repeating: -1, count: 17)
    /// Index of a length's first symbol minus its first code.
    private var offset = [Int](repeating: 0, count: 17)
    private let symbols: [UInt8]

    init(_ counts: [Int], _ symbols: ArraySlice<UInt8>) {
        self.symbols = Array(symbols)
        var code = 0
        var index = 0
        for length in 1...16 {
            offset[length] = index - code
            index += counts[length - 1]
            code += counts[length - 1]
            largest[length] = counts[length - 1] > 0 ? code - 1 : -1
            code <<= 1
        }
    }

    /// Symbol of a code; nil if there is none of this length.
    func symbol(_ code: Int, _ length: Int) -> UInt8? {
        guard code <= largest[length], symbols.indices.contains(offset[length] + code) else {
            return nil
        }
        return symbols[offset[length] + code]
    }
}

/// Reader of the bits of a JPEG scan, up to the next marker.
struct ScanBits {
    private let bytes: [UInt8]
    private var at: Int
    private var current: UInt8 = 0
    private var left = 0

    init(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        at = start
    }

    /// Offset after the bytes read so far.
    var position: Int { at }

    /// Next bit; nil at a marker or the end.
    private mutating func bit() -> Int? {
        if left == 0 {
            guard at < bytes.count else { return nil }
            current = bytes[at]
            if current == 0xFF {
                guard at + 1 < bytes.count, bytes[at + 1] == 0 else { return nil }
                at += 1
            }
            at += 1
            left = 8
        }
        left -= 1
        return Int(current >> UInt8(left) & 1)
    }

    private mutating func symbol(_ table: HuffmanTable) -> UInt8? {
        var code = 0
        for length in 1...16 {
            guard let bit = bit() else { return nil }
            code = code << 1 | bit
            if let symbol = table.symbol(code, length) { return symbol }
        }
        return nil
    }

    private mutating func skip(_ count: Int) -> Bool {
        for _ in 0..<count where bit() == nil { return false }
        return true
    }

    /// Skips a block of 64 coefficients; false if its codes are not there.
    mutating func skipBlock(_ dc: HuffmanTable, _ ac: HuffmanTable) -> Bool {
        guard let first = symbol(dc), first <= 16, skip(Int(first)) else { return false }
        var index = 1
        while index < 64 {
            guard let symbol = symbol(ac) else { return false }
            let (run, bits) = (Int(symbol >> 4), Int(symbol & 15))
            if bits == 0 && run != 15 { return true }
            index += run + 1
            guard index <= 64, skip(bits) else { return false }
        }
        return true
    }

    /// Skips a restart marker; false if it is not there.
    mutating func skipRestart() -> Bool {
        left = 0
        while at + 1 < bytes.count, bytes[at] == 0xFF, bytes[at + 1] == 0xFF { at += 1 }
        guard at + 1 < bytes.count, bytes[at] == 0xFF,
            (0xD0...0xD7).contains(bytes[at + 1])
        else { return false }
        at += 2
        return true
    }
}

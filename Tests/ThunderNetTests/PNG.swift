import Foundation
import Testing

/// Decodes an 8-bit RGB PNG to rows without gaps.
///
/// Supports the golden images only, without a library.
func decodePNG(_ url: URL) throws -> [UInt8] {
    let bytes = [UInt8](try Data(contentsOf: url))
    var (width, height, packed) = (0, 0, [UInt8]())
    var place = 8
    while place + 8 <= bytes.count {
        let length = bytes.bigEndian(at: place)
        let kind = String(decoding: bytes[place + 4..<place + 8], as: UTF8.self)
        let body = bytes[place + 8..<place + 8 + length]
        if kind == "IHDR" {
            (width, height) = (bytes.bigEndian(at: place + 8), bytes.bigEndian(at: place + 12))
            try #require(Array(body.suffix(5)) == [8, 2, 0, 0, 0], "not plain 8-bit RGB")
        } else if kind == "IDAT" {
            packed += body
        }
        place += length + 12
    }
    var inflate = Inflate(Array(packed.dropFirst(2)))
    let rows = try inflate.run()
    return unfilter(rows, stride: 3 * width, height: height)
}

extension [UInt8] {
    fileprivate func bigEndian(at place: Int) -> Int {
        self[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    }
}

/// Reverses PNG's row filters for three bytes per pixel.
private func unfilter(_ rows: [UInt8], stride: Int, height: Int) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: stride * height)
    for row in 0..<height {
        let filter = rows[row * (stride + 1)]
        for column in 0..<stride {
            let at = row * stride + column
            let left = column >= 3 ? Int(result[at - 3]) : 0
            let above = row > 0 ? Int(result[at - stride]) : 0
            let corner = column >= 3 && row > 0 ? Int(result[at - stride - 3]) : 0
            let guess =
                switch filter {
                case 1: left
                case 2: above
                case 3: (left + above) / 2
                case 4: paeth(left, above, corner)
                default: 0
                }
            result[at] = UInt8(
                truncatingIfNeeded: Int(rows[row * (stride + 1) + 1 + column]) + guess)
        }
    }
    return result
}

private func paeth(_ left: Int, _ above: Int, _ corner: Int) -> Int {
    let estimate = left + above - corner
    let distances = (abs(estimate - left), abs(estimate - above), abs(estimate - corner))
    if distances.0 <= distances.1 && distances.0 <= distances.2 { return left }
    return distances.1 <= distances.2 ? above : corner
}

/// Decoder of Deflate (RFC 1951).
private struct Inflate {
    /// A canonical Huffman code: the number of codes of each length, and the symbols in order.
    struct Code {
        var counts = [Int](repeating: 0, count: 16)
        var symbols: [Int] = []

        init(_ lengths: some Collection<Int>) {
            for length in lengths where length > 0 { counts[length] += 1 }
            symbols = lengths.enumerated().filter { $0.element > 0 }
                .sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }.map(\.offset)
        }
    }

    private let bytes: [UInt8]
    private var bit = 0
    private var output: [UInt8] = []
    private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    private static let fixedLengths =
        Array(repeating: 8, count: 144) + Array(repeating: 9, count: 112)
        + Array(repeating: 7, count: 24) + Array(repeating: 8, count: 8)

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func run() throws -> [UInt8] {
        var isLast = false
        while !isLast {
            isLast = bits(1) == 1
            switch bits(2) {
            case 0: copyStored()
            case 1: expand(Code(Self.fixedLengths), Code(Array(repeating: 5, count: 30)))
            case 2: expandDynamic()
            default: try #require(Bool(false), "a broken PNG")
            }
        }
        return output
    }

    private mutating func bits(_ count: Int) -> Int {
        var value = 0
        for index in 0..<count {
            value |= Int(bytes[bit >> 3] >> UInt8(bit & 7) & 1) << index
            bit += 1
        }
        return value
    }

    private mutating func symbol(_ code: Code) -> Int {
        var (value, first, index) = (0, 0, 0)
        for length in 1...15 {
            value |= bits(1)
            let count = code.counts[length]
            if value - first < count { return code.symbols[index + value - first] }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        return 256
    }

    private mutating func copyStored() {
        bit = (bit + 7) / 8 * 8
        let length = bits(16)
        bit += 16
        output += bytes[bit / 8..<bit / 8 + length]
        bit += 8 * length
    }

    private mutating func expandDynamic() {
        let (literals, distances, lengths) = (bits(5) + 257, bits(5) + 1, bits(4) + 4)
        var first = [Int](repeating: 0, count: 19)
        for index in 0..<lengths { first[Self.order[index]] = bits(3) }
        let code = Code(first)
        var all: [Int] = []
        while all.count < literals + distances {
            switch symbol(code) {
            case 16: all += Array(repeating: all.last ?? 0, count: 3 + bits(2))
            case 17: all += Array(repeating: 0, count: 3 + bits(3))
            case 18: all += Array(repeating: 0, count: 11 + bits(7))
            case let length: all.append(length)
            }
        }
        expand(Code(all[..<literals].map { $0 }), Code(all[literals...].map { $0 }))
    }

    private mutating func expand(_ literals: Code, _ distances: Code) {
        while true {
            let symbol = symbol(literals)
            if symbol == 256 { return }
            if symbol < 256 {
                output.append(UInt8(symbol))
                continue
            }
            let length = length(symbol - 257)
            let distance = distance(self.symbol(distances))
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }

    private mutating func length(_ code: Int) -> Int {
        if code < 8 { return code + 3 }
        if code == 28 { return 258 }
        let extra = code / 4 - 1
        return 3 + (4 + code % 4) << extra + bits(extra)
    }

    private mutating func distance(_ code: Int) -> Int {
        if code < 4 { return code + 1 }
        let extra = code / 2 - 1
        return 1 + (2 + code % 2) << extra + bits(extra)
    }
}

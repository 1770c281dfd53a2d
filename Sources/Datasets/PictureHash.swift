/// A fingerprint of what a picture shows, by which copies are found in other sizes and compressions.
///
/// A difference hash of 256 bits (after Neal Krawetz, "Kind of Like That", 2013): brightness averaged over 17 × 16
/// fields, and for each field but the last of a row whether its right neighbour is brighter by more than a step.
public struct PictureHash: Hashable, Sendable {
    /// Bits that may differ between two pictures that show the same.
    public static let tolerance = 24
    private static let columns = 17
    private static let rows = 16

    /// The bits.
    public let bits: SIMD4<UInt64>

    /// The fingerprint of 8-bit red, green, blue, rows without gaps; both sides are at least 1.
    public init(_ rgb: Span<UInt8>, width: Int, height: Int) {
        var means: [Int] = []
        for row in 0..<Self.rows {
            let down = Self.part(row, of: Self.rows, height)
            for column in 0..<Self.columns {
                let across = Self.part(column, of: Self.columns, width)
                means.append(Self.mean(rgb, across, down, width: width))
            }
        }
        var bits = SIMD4<UInt64>()
        for row in 0..<Self.rows {
            for column in 0..<Self.columns - 1 {
                let field = row * Self.columns + column
                let bit = row * (Self.columns - 1) + column
                if means[field + 1] > means[field] + 256 { bits[bit / 64] |= 1 << UInt64(bit % 64) }
            }
        }
        self.bits = bits
    }

    /// The pixels of one of several parts of a side, at least one.
    private static func part(_ index: Int, of count: Int, _ side: Int) -> Range<Int> {
        let start = min(index * side / count, side - 1)
        return start..<max(start + 1, (index + 1) * side / count)
    }

    /// Mean brightness of a field in 256ths of a step, by eight by eight of its pixels at most.
    private static func mean(
        _ rgb: Span<UInt8>, _ across: Range<Int>, _ down: Range<Int>, width: Int
    ) -> Int {
        var (sum, count) = (0, 0)
        for y in stride(from: down.lowerBound, to: down.upperBound, by: 1 + (down.count - 1) / 8) {
            for x in stride(
                from: across.lowerBound, to: across.upperBound, by: 1 + (across.count - 1) / 8)
            {
                let place = 3 * (y * width + x)
                sum +=
                    77 * Int(rgb[place]) + 150 * Int(rgb[place + 1]) + 29 * Int(rgb[place + 2])
                count += 1
            }
        }
        return sum / count
    }

    /// Bits in which two fingerprints differ, 0 to 256.
    public func distance(to other: PictureHash) -> Int {
        let difference = bits ^ other.bits
        return difference.x.nonzeroBitCount + difference.y.nonzeroBitCount
            + difference.z.nonzeroBitCount + difference.w.nonzeroBitCount
    }

    /// True for a picture without any structure, all of which look alike.
    public var isFlat: Bool { bits == SIMD4() }
}

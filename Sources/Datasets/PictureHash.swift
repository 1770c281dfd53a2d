/// Perceptual hash of an image, which finds copies with another size or compression.
///
/// A difference hash of 256 bits (after Neal Krawetz, "Kind of Like That", 2013): brightness is averaged over a grid of
/// 17 × 16 cells; each bit is set if the right neighbor of a cell is brighter by more than a threshold.
public struct PictureHash: Hashable, Sendable {
    /// Maximum number of differing bits between two images with the same content.
    public static let tolerance = 24
    private static let columns = 17
    private static let rows = 16

    /// The bits.
    public let bits: SIMD4<UInt64>

    /// Computes the hash of 8-bit RGB pixels, rows without padding; both sides are at least 1.
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

    /// Pixel range of one of `count` parts of a side, at least one pixel.
    private static func part(_ index: Int, of count: Int, _ side: Int) -> Range<Int> {
        let start = min(index * side / count, side - 1)
        return start..<max(start + 1, (index + 1) * side / count)
    }

    /// Mean brightness of a cell in 256ths of a level, from at most 8 × 8 of its pixels.
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

    /// Number of differing bits, 0 to 256.
    public func distance(to other: PictureHash) -> Int {
        let difference = bits ^ other.bits
        return difference.x.nonzeroBitCount + difference.y.nonzeroBitCount
            + difference.z.nonzeroBitCount + difference.w.nonzeroBitCount
    }

    /// True for an image without structure; all such images have the same hash.
    public var isFlat: Bool { bits == SIMD4() }
}

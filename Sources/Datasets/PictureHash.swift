/// A fingerprint of what a picture shows, by which copies are found in other sizes and compressions.
///
/// A difference hash of 256 bits (after Neal Krawetz, "Kind of Like That", 2013): brightness averaged over 17 × 16
/// fields, and for each field but the last of a row whether its right neighbour is brighter by more than a step.
public struct PictureHash: Hashable, Sendable {
    /// Bits that may differ between two pictures that show the same.
    public static let tolerance = 12
    private static let columns = 17
    private static let rows = 16

    /// The bits.
    public let bits: SIMD4<UInt64>

    /// The fingerprint of 8-bit red, green, blue, rows without gaps; both sides are at least 1.
    public init(_ rgb: Span<UInt8>, width: Int, height: Int) {
        var sums = [Int](repeating: 0, count: Self.columns * Self.rows)
        var counts = sums
        // Every second pixel of large pictures says enough.
        let step = max(1, min(width, height) / 128)
        for y in stride(from: 0, to: height, by: step) {
            let row = y * Self.rows / height * Self.columns
            for x in stride(from: 0, to: width, by: step) {
                let place = 3 * (y * width + x)
                let luma =
                    77 * Int(rgb[place]) + 150 * Int(rgb[place + 1]) + 29 * Int(rgb[place + 2])
                let field = row + x * Self.columns / width
                sums[field] += luma
                counts[field] += 1
            }
        }
        let means = zip(sums, counts).map { $0 / max(1, $1) }
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

    /// Bits in which two fingerprints differ, 0 to 256.
    public func distance(to other: PictureHash) -> Int {
        let difference = bits ^ other.bits
        return difference.x.nonzeroBitCount + difference.y.nonzeroBitCount
            + difference.z.nonzeroBitCount + difference.w.nonzeroBitCount
    }

    /// True for a picture without any structure, all of which look alike.
    public var isFlat: Bool { bits == SIMD4() }
}

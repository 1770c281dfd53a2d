/// Colour space of a YUV picture: matrix and range.
public struct ColorDescription: Hashable, Sendable {
    /// Matrix coefficients between YUV and RGB (ITU-T H.273, table 4).
    public enum Matrix: Hashable, Sendable {
        /// Standard definition: ITU-R BT.601.
        case bt601
        /// High definition: ITU-R BT.709.
        case bt709
        /// Ultra high definition: ITU-R BT.2020, non-constant luminance.
        case bt2020
    }

    /// Matrix coefficients between YUV and RGB.
    public var matrix: Matrix
    /// True for full range (8-bit luma 0…255), false for limited range (16…235).
    public var isFullRange: Bool

    /// Creates a description from its parts.
    public init(matrix: Matrix, isFullRange: Bool) {
        self.matrix = matrix
        self.isFullRange = isFullRange
    }

    /// Usual assumption for an untagged picture: BT.709 from 720 rows up, BT.601 below, limited range.
    public static func assumed(height: Int) -> ColorDescription {
        ColorDescription(matrix: height >= 720 ? .bt709 : .bt601, isFullRange: false)
    }
}

/// What the numbers of a YUV picture mean as colours.
public struct ColorDescription: Hashable, Sendable {
    /// The matrix between YUV and RGB, after ITU-T H.273 (table 4).
    public enum Matrix: Hashable, Sendable {
        /// Standard definition: ITU-R BT.601.
        case bt601
        /// High definition: ITU-R BT.709.
        case bt709
        /// Ultra high definition: ITU-R BT.2020, non-constant luminance.
        case bt2020
    }

    /// The matrix between YUV and RGB.
    public var matrix: Matrix
    /// True when 8-bit luma spans 0…255 instead of 16…235.
    public var isFullRange: Bool

    /// A description by its parts.
    public init(matrix: Matrix, isFullRange: Bool) {
        self.matrix = matrix
        self.isFullRange = isFullRange
    }

    /// What players assume of an untagged picture: BT.709 from 720 lines up, BT.601 below, limited range.
    public static func assumed(height: Int) -> ColorDescription {
        ColorDescription(matrix: height >= 720 ? .bt709 : .bt601, isFullRange: false)
    }
}

/// Colour as the sample values of one pixel format and colour space.
public struct Ink: Hashable, Sendable {
    /// Luma, or red in packed RGB; before the format's shift is applied.
    public let first: UInt16
    /// Blue difference U, or green in packed RGB.
    public let second: UInt16
    /// Red difference V, or blue in packed RGB.
    public let third: UInt16

    /// Creates an ink from sample values.
    public init(first: UInt16, second: UInt16, third: UInt16) {
        self.first = first
        self.second = second
        self.third = third
    }

    /// Converts `rgb` to sample values of a pixel format and colour space.
    ///
    /// YUV by ITU-T H.273 (08/2021), equations 24 to 43: derived luma and colour differences, then quantized to
    /// the format's depth in limited or full range, rounded to nearest.
    public init(_ rgb: RGBColor, format: PixelFormat, color description: ColorDescription) {
        guard format.layout != .packedRGB else {
            self.init(first: UInt16(rgb.red), second: UInt16(rgb.green), third: UInt16(rgb.blue))
            return
        }
        let red = Double(rgb.red) / 255
        let blue = Double(rgb.blue) / 255
        let weights = description.matrix.lumaWeights
        let luma =
            weights.red * red + weights.green * Double(rgb.green) / 255 + weights.blue * blue
        let quantizer = SampleQuantizer(depth: format.depth, isFullRange: description.isFullRange)
        self.init(
            first: quantizer.luma(luma),
            second: quantizer.chroma((blue - luma) / (2 * (1 - weights.blue))),
            third: quantizer.chroma((red - luma) / (2 * (1 - weights.red))))
    }

    /// Sample values of one column of a plane, in memory order.
    func samples(ofPlane plane: Int, layout: PixelFormat.Layout) -> InlineArray<3, UInt16> {
        switch (layout, plane) {
        case (.semiPlanar, 1): [second, third, third]
        case (.planar, 1): [second, second, second]
        case (.planar, 2): [third, third, third]
        default: [first, second, third]
        }
    }
}

/// Contribution of each primary to luma; the three sum to 1.
public struct LumaWeights: Hashable, Sendable {
    /// K_R.
    public let red: Double
    /// K_B.
    public let blue: Double
    /// 1 − K_R − K_B.
    public var green: Double { 1 - red - blue }
}

extension ColorDescription.Matrix {
    /// K_R and K_B (H.273, table 4).
    public var lumaWeights: LumaWeights {
        switch self {
        case .bt601: LumaWeights(red: 0.299, blue: 0.114)
        case .bt709: LumaWeights(red: 0.2126, blue: 0.0722)
        case .bt2020: LumaWeights(red: 0.2627, blue: 0.0593)
        }
    }
}

/// Quantizes analogue levels to sample values of one depth and range.
struct SampleQuantizer {
    let depth: Int
    let isFullRange: Bool

    private var peak: Double { Double((1 << depth) - 1) }
    private var scale: Double { Double(1 << (depth - 8)) }

    /// Quantizes luma, 0 to 1.
    func luma(_ level: Double) -> UInt16 {
        code(isFullRange ? peak * level : scale * (219 * level + 16))
    }

    /// Quantizes a colour difference, −½ to ½.
    func chroma(_ level: Double) -> UInt16 {
        let middle = Double(1 << (depth - 1))
        return code(isFullRange ? peak * level + middle : scale * 224 * level + middle)
    }

    private func code(_ value: Double) -> UInt16 {
        // Exact halves, such as U of yellow in full range, must not depend on a rounding error.
        UInt16(min(max((value + 1e-7).rounded(), 0), peak))
    }
}

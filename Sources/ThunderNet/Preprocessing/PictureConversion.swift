import Pixels
import Tensors

/// The properties of a decoded frame that determine its conversion tables.
struct PictureKind: Hashable, Sendable {
    let format: PixelFormat
    let color: ColorDescription
    let placement: ImagePlacement

    init(_ picture: borrowing Picture, _ placement: ImagePlacement) {
        format = picture.format
        color = picture.color
        self.placement = placement
    }
}

extension ImageConversion {
    /// The conversion of a decoded frame's planes to a network's input.
    ///
    /// Each plane is resized separately, chroma to the size of luma and without regard to its siting. Colours are
    /// converted afterwards by ITU-T H.273 (08/2021), equations 24 to 43, without rounding to 8 bits in between.
    init(_ kind: PictureKind, _ normalization: InputNormalization) {
        let (format, placement) = (kind.format, kind.placement)
        let averages =
            max(
                Double(placement.imageWidth) / Double(placement.width),
                Double(placement.imageHeight) / Double(placement.height))
            > ImageInput.shrinkLimit
        let planes = (0..<format.planeCount).map { plane in
            let columns = format.columns(ofPlane: plane, width: placement.imageWidth)
            let rows = format.rows(ofPlane: plane, height: placement.imageHeight)
            let step = format.samplesPerColumn(ofPlane: plane)
            return Plane(
                samples: columns * step, step: step,
                horizontal: Axis(from: columns, to: placement.width, averages: averages),
                vertical: Axis(from: rows, to: placement.height, averages: averages))
        }
        let levels = ColorLevels(kind.format, kind.color)
        self.init(
            planes: planes, sampleBits: format.depth + format.shift, components: format.components,
            colors: InlineArray { channel in
                let color = normalization.position(of: channel)
                let deviation = normalization.deviation[channel]
                return Color(
                    factors: SIMD3(levels.factors[color]), offset: Float(levels.offset(color)),
                    scale: 1 / deviation, shift: -normalization.mean[channel] / deviation)
            }, left: placement.left, top: placement.top)
    }
}

extension ImageConversion.Axis {
    /// An axis with area averaging where this side shrinks and `averages` is true, else with interpolation.
    init(from source: Int, to target: Int, averages: Bool) {
        self.init()
        if averages && source > target {
            let axis = AreaAxis(from: source, to: target)
            for output in 0..<target {
                let start = Int(axis.offset[output])
                append(
                    first: Int(axis.first[output]),
                    weights: axis.weights[start..<start + Int(axis.count[output])])
            }
            return
        }
        let scale = Double(source) / Double(target)
        for output in 0..<target {
            let middle = min(max((Double(output) + 0.5) * scale - 0.5, 0), Double(source - 1))
            let first = Int(middle)
            let far = Float(middle - Double(first))
            append(first: first, weights: far == 0 ? [1] : [1 - far, far])
        }
    }
}

extension PixelFormat {
    /// Locations of luma and both chroma components, or of red, green and blue.
    fileprivate var components: InlineArray<3, ImageConversion.Component> {
        switch layout {
        case .gray: InlineArray { _ in .init(plane: 0) }
        case .planar: InlineArray { .init(plane: $0) }
        case .semiPlanar: InlineArray { .init(plane: min($0, 1), phase: max($0 - 1, 0)) }
        case .packedRGB: InlineArray { .init(plane: 0, phase: $0) }
        }
    }
}

/// Conversion of code values to red, green and blue from 0 to 255.
private struct ColorLevels {
    /// One row per colour, one column per component.
    private(set) var factors: [SIMD3<Double>]
    /// The code values of black and of neutral chroma.
    private var zero: SIMD3<Double>

    init(_ format: PixelFormat, _ color: ColorDescription) {
        let unit = Double(1 << format.shift)
        guard format.layout != .packedRGB else {
            factors = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
            zero = .zero
            return
        }
        let step = Double(1 << (format.depth - 8))
        let peak = Double((1 << format.depth) - 1)
        let luma = 255 / (color.isFullRange ? peak : 219 * step) / unit
        let chroma = 255 / (color.isFullRange ? peak : 224 * step) / unit
        zero = SIMD3(color.isFullRange ? 0 : 16 * step, 128 * step, 128 * step) * unit
        let weights = color.matrix.lumaWeights
        let (red, blue) = (2 * (1 - weights.red), 2 * (1 - weights.blue))
        let scales = SIMD3(luma, chroma, chroma)
        factors = [
            SIMD3(1, 0, red) * scales,
            SIMD3(1, -blue * weights.blue / weights.green, -red * weights.red / weights.green)
                * scales,
            SIMD3(1, blue, 0) * scales,
        ]
        if format.layout == .gray { factors = [SIMD3](repeating: SIMD3(luma, 0, 0), count: 3) }
    }

    /// Offset of a colour's sum.
    func offset(_ color: Int) -> Double { -(factors[color] * zero).sum() }
}

internal import Configuration
internal import Glibc

/// Affine color transform, a 3 × 4 matrix: new = matrix · (red, green, blue, 1); colors range from 0 to 255, clamped.
public struct ColorMatrix: Hashable, Sendable {
    /// Matrix columns: contributions of red, green and blue, and the constant offset (0 to 255).
    public var red, green, blue, offset: SIMD3<Float>

    /// Luma weights of red, green and blue (ITU-R BT.601).
    static let luma = SIMD3<Float>(0.299, 0.587, 0.114)

    /// Identity transform.
    public static let identity = ColorMatrix(
        red: SIMD3(1, 0, 0), green: SIMD3(0, 1, 0), blue: SIMD3(0, 0, 1), offset: SIMD3())

    /// Transforms a color, without clamping.
    public func applied(to color: SIMD3<Float>) -> SIMD3<Float> {
        red * color.x + green * color.y + blue * color.z + offset
    }

    /// Returns this transform followed by `next`, without clamping between them.
    public func followed(by next: ColorMatrix) -> ColorMatrix {
        func linear(_ column: SIMD3<Float>) -> SIMD3<Float> {
            next.red * column.x + next.green * column.y + next.blue * column.z
        }
        return ColorMatrix(
            red: linear(red), green: linear(green), blue: linear(blue),
            offset: linear(offset) + next.offset)
    }

    /// Scales each channel by a factor.
    public static func gain(_ factors: SIMD3<Float>) -> ColorMatrix {
        ColorMatrix(
            red: SIMD3(factors.x, 0, 0), green: SIMD3(0, factors.y, 0),
            blue: SIMD3(0, 0, factors.z), offset: SIMD3())
    }

    /// Adds a constant to all channels.
    public static func brightness(_ shift: Float) -> ColorMatrix {
        var matrix = identity
        matrix.offset = SIMD3(repeating: shift)
        return matrix
    }

    /// Scales the distance from gray and keeps the luma; 0 converts to gray.
    public static func saturation(_ factor: Float) -> ColorMatrix {
        let gray = (1 - factor) * luma
        return ColorMatrix(
            red: SIMD3(repeating: gray.x) + SIMD3(factor, 0, 0),
            green: SIMD3(repeating: gray.y) + SIMD3(0, factor, 0),
            blue: SIMD3(repeating: gray.z) + SIMD3(0, 0, factor), offset: SIMD3())
    }

    /// Rotates hues by an angle in degrees; grays and luma stay.
    ///
    /// The rotation is applied to I and Q of the YIQ color space (NTSC, 1953).
    public static func hue(_ degrees: Float) -> ColorMatrix {
        let (cosine, sine) = (cosf(degrees * .pi / 180), sinf(degrees * .pi / 180))
        func turned(_ color: SIMD3<Float>) -> SIMD3<Float> {
            let y = (luma * color).sum()
            let i = (SIMD3(0.595_716, -0.274_453, -0.321_263) * color).sum()
            let q = (SIMD3(0.211_456, -0.522_591, 0.311_135) * color).sum()
            let (newI, newQ) = (cosine * i - sine * q, sine * i + cosine * q)
            return SIMD3(
                y + 0.9563 * newI + 0.6210 * newQ, y - 0.2721 * newI - 0.6474 * newQ,
                y - 1.1070 * newI + 1.7046 * newQ)
        }
        return ColorMatrix(
            red: turned(SIMD3(1, 0, 0)), green: turned(SIMD3(0, 1, 0)),
            blue: turned(SIMD3(0, 0, 1)), offset: SIMD3())
    }
}

extension ColorOptions {
    /// Draws a random color transform.
    func draw(_ random: inout RandomStream) -> ColorMatrix {
        let shift = random.happens(probability) ? random.number(in: -brightness...brightness) : 0
        let factor = random.happens(probability) ? random.number(in: contrast) : 1
        var distance = random.happens(probability) ? random.number(in: saturation) : 1
        let angle = random.happens(probability) ? random.number(in: -hue...hue) : 0
        var gains = SIMD3<Float>(repeating: 1)
        if random.happens(gainProbability) {
            for channel in 0..<3 { gains[channel] = random.number(in: gain) }
        }
        if random.happens(grayProbability) { distance = 0 }
        var matrix = ColorMatrix.saturation(distance)
        if angle != 0 { matrix = ColorMatrix.hue(angle).followed(by: matrix) }
        return matrix.followed(by: .gain(gains * factor)).followed(by: .brightness(shift))
    }
}

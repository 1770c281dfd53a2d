import Pixels
import Testing

@Suite struct InkTests {
    /// Sample values computed by hand from H.273 and known from colour bars.
    // swift-format-ignore
    static let known: [(UInt32, ColorDescription, Int, [UInt16])] = [
        (0xFFFFFF, .init(matrix: .bt709, isFullRange: false), 8, [235, 128, 128]),
        (0x000000, .init(matrix: .bt709, isFullRange: false), 8, [16, 128, 128]),
        (0xFF0000, .init(matrix: .bt709, isFullRange: false), 8, [63, 102, 240]),
        (0x00FF00, .init(matrix: .bt709, isFullRange: false), 8, [173, 42, 26]),
        (0x0000FF, .init(matrix: .bt709, isFullRange: false), 8, [32, 240, 118]),
        (0xFF0000, .init(matrix: .bt601, isFullRange: false), 8, [81, 90, 240]),
        (0x00FF00, .init(matrix: .bt601, isFullRange: false), 8, [145, 54, 34]),
        (0x0000FF, .init(matrix: .bt601, isFullRange: false), 8, [41, 240, 110]),
        (0xFF0000, .init(matrix: .bt601, isFullRange: true), 8, [76, 85, 255]),
        (0xFFFF00, .init(matrix: .bt601, isFullRange: true), 8, [226, 1, 149]),
        (0xFFFFFF, .init(matrix: .bt2020, isFullRange: false), 10, [940, 512, 512]),
        (0xFF0000, .init(matrix: .bt2020, isFullRange: false), 10, [294, 387, 960]),
        (0x0000FF, .init(matrix: .bt2020, isFullRange: false), 12, [464, 3840, 1904]),
        (0xFFFFFF, .init(matrix: .bt709, isFullRange: true), 16, [65535, 32768, 32768]),
        (0xFFFFFF, .init(matrix: .bt709, isFullRange: false), 16, [60160, 32768, 32768]),
    ]

    @Test(arguments: known.indices)
    func knownColoursGiveKnownSampleValues(_ index: Int) {
        let (hex, description, depth, codes) = InkTests.known[index]
        let ink = Ink(
            RGBColor(hex: hex), format: PixelFormat(layout: .planar, depth: depth),
            color: description)
        #expect([ink.first, ink.second, ink.third] == codes)
    }

    @Test(arguments: [8, 10, 12, 16], [true, false])
    func inverseEquationsRecoverTheColour(depth: Int, isFullRange: Bool) {
        // H.273 solved for red and blue: R = Y + 2(1 − K_R) P_R, B = Y + 2(1 − K_B) P_B.
        let matrices: [(ColorDescription.Matrix, Double, Double)] = [
            (.bt601, 0.299, 0.114), (.bt709, 0.2126, 0.0722), (.bt2020, 0.2627, 0.0593),
        ]
        let peak = Double((1 << depth) - 1)
        let unit = Double(1 << (depth - 8))
        for (matrix, red, blue) in matrices {
            for hex in stride(from: UInt32(0), through: 0xFFFFFF, by: 0x01_0D35) {
                let color = RGBColor(hex: hex)
                let ink = Ink(
                    color, format: PixelFormat(layout: .planar, depth: depth),
                    color: ColorDescription(matrix: matrix, isFullRange: isFullRange))
                let luma =
                    isFullRange ? Double(ink.first) / peak : (Double(ink.first) / unit - 16) / 219
                let span = isFullRange ? peak : 224 * unit
                let middle = Double(1 << (depth - 1))
                let r = luma + 2 * (1 - red) * (Double(ink.third) - middle) / span
                let b = luma + 2 * (1 - blue) * (Double(ink.second) - middle) / span
                // Half a code of luma and of chroma, and the clipping of full-range chroma at its peak.
                let tolerance = 1.6 / (219 * unit) + 1e-9
                #expect(abs(r - Double(color.red) / 255) < tolerance)
                #expect(abs(b - Double(color.blue) / 255) < tolerance)
            }
        }
    }

    @Test func packedRGBKeepsTheColour() {
        let ink = Ink(
            RGBColor(hex: 0x123456), format: .rgb24,
            color: ColorDescription(matrix: .bt709, isFullRange: true))
        #expect(ink == Ink(first: 0x12, second: 0x34, third: 0x56))
    }
}

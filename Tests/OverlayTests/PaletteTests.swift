import Foundation
import Pixels
import Testing

@testable import Overlay

@Suite struct PaletteTests {
    /// Simulations of complete deficiencies, for linear RGB: Machado, Oliveira and Fernandes, "A
    /// Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1.
    // swift-format-ignore
    static let deficiencies: [String: [Double]] = [
        "none": [1, 0, 0, 0, 1, 0, 0, 0, 1],
        "protanopia": [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
        "deuteranopia": [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
        "tritanopia": [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
    ]

    @Test(arguments: deficiencies.keys.sorted())
    func coloursDifferUnderEachDeficiency(_ deficiency: String) throws {
        let matrix = try #require(PaletteTests.deficiencies[deficiency])
        let seen = Palette.okabeIto.colors.map { lab($0, matrix) }
        for (index, first) in seen.enumerated() {
            for second in seen[(index + 1)...] {
                let difference = zip(first, second).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
                // A difference of 2.3 is just noticeable side by side.
                #expect(difference.squareRoot() > 10)
            }
        }
    }

    @Test func pureRedAndGreenFailTheSameTest() throws {
        let matrix = try #require(PaletteTests.deficiencies["deuteranopia"])
        let red = lab(RGBColor(hex: 0xA65A00), matrix)
        let green = lab(RGBColor(hex: 0x6E7600), matrix)
        let difference = zip(red, green).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
        #expect(difference.squareRoot() < 10)
    }

    @Test(arguments: Palette.okabeIto.colors)
    func textHasEnoughContrast(_ color: RGBColor) {
        #expect(color.contrast(color.readableInk) >= 4.5)
        #expect(color.tint.contrast(.black) >= 4.5)
    }

    @Test func contrastFollowsTheGuidelines() {
        #expect(abs(RGBColor.black.contrast(.white) - 21) < 1e-9)
        #expect(abs(RGBColor(hex: 0x777777).contrast(.white) - 4.478) < 1e-3)
        #expect(RGBColor.white.readableInk == .black)
        #expect(RGBColor(hex: 0x0072B2).readableInk == .white)
    }

    @Test func everyIndexHasAColour() {
        let palette = Palette([.black, .white])
        #expect(palette.color(3) == .white)
        #expect(palette.color(-1) == .white)
        #expect(palette.color(Int.min) == .black)
        #expect(palette.color(Int.max) == .white)
    }

    /// CIE L*a*b* (D65) of a colour as seen with a deficiency.
    private func lab(_ color: RGBColor, _ matrix: [Double]) -> [Double] {
        let linear = [color.red, color.green, color.blue].map { component in
            let level = Double(component) / 255
            return level <= 0.04045 ? level / 12.92 : pow((level + 0.055) / 1.055, 2.4)
        }
        let seen = times(matrix, linear).map { min(max($0, 0), 1) }
        // swift-format-ignore
        let xyz = times(
            [0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.0721750, 0.0193339, 0.1191920, 0.9503041],
            seen)
        let f = zip(xyz, [0.95047, 1, 1.08883]).map { value, white in
            value / white > 216.0 / 24389
                ? cbrt(value / white) : (24389.0 / 27 * value / white + 16) / 116
        }
        return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
    }

    private func times(_ matrix: [Double], _ vector: [Double]) -> [Double] {
        [0, 3, 6].map { row -> Double in
            matrix[row] * vector[0] + matrix[row + 1] * vector[1] + matrix[row + 2] * vector[2]
        }
    }
}

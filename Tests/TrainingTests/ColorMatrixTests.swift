import Configuration
import Testing

@testable import Training

struct ColorMatrixTests {
    private let colors = [
        SIMD3<Float>(200, 30, 90), SIMD3(0, 0, 0), SIMD3(255, 255, 255), SIMD3(10, 250, 40),
    ]

    private func luma(_ color: SIMD3<Float>) -> Float { (color * ColorMatrix.luma).sum() }

    private func near(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ limit: Float = 0.5) -> Bool {
        let difference = a - b
        return (difference * difference).sum().squareRoot() < limit
    }

    @Test(arguments: [0, 0.5, 1.7])
    func saturationKeepsLuma(factor: Float) {
        for color in colors {
            let new = ColorMatrix.saturation(factor).applied(to: color)
            #expect(abs(luma(new) - luma(color)) < 0.01)
        }
        let gray = ColorMatrix.saturation(0).applied(to: colors[0])
        #expect(near(gray, SIMD3(repeating: luma(colors[0]))))
    }

    @Test func hueKeepsGraysAndLumaAndHasAPeriodOf360Degrees() {
        for color in colors {
            let turned = ColorMatrix.hue(40).applied(to: color)
            #expect(abs(luma(turned) - luma(color)) < 0.5)
            #expect(near(ColorMatrix.hue(360).applied(to: color), color))
            let back = ColorMatrix.hue(40).followed(by: .hue(-40))
            #expect(near(back.applied(to: color), color))
        }
        #expect(near(ColorMatrix.hue(120).applied(to: colors[2]), colors[2]))
        #expect(!near(ColorMatrix.hue(40).applied(to: colors[0]), colors[0], 10))
    }

    @Test func consecutiveTransformsEqualOneMatrix() {
        let first = ColorMatrix.hue(10).followed(by: .brightness(9))
        let second = ColorMatrix.gain(SIMD3(1.1, 0.9, 2)).followed(by: .saturation(0.4))
        for color in colors {
            let apart = second.applied(to: first.applied(to: color))
            #expect(near(first.followed(by: second).applied(to: color), apart, 0.01))
        }
    }

    @Test func drawnTransformsStayWithinTheirOptions() {
        var options = ColorOptions.none
        (options.probability, options.contrast, options.saturation) = (1, 1...1, 1...1)
        for item in 0..<100 {
            var random = RandomStream(seed: 1, epoch: 0, item: item, purpose: .color)
            let offset = options.draw(&random).offset
            #expect(abs(offset.x) <= 32)
            var none = RandomStream(seed: 1, epoch: 0, item: item, purpose: .color)
            #expect(ColorOptions.none.draw(&none) == .identity)
        }
    }
}

import Tensors
import Testing

@testable import ThunderNet

struct QuantizerTests {
    @Test func everyGEMMIsCalibratedAndMeasured() throws {
        let model = try DetectorTests.model()
        var quantizer = try Quantizer(model: model)
        for seed in 0..<3 {
            let picture = ImageInputTests.picture(90 + seed, 70)
            quantizer.observe(rgb: picture.span, width: 90 + seed, height: 70)
        }
        #expect(quantizer.images == 3)
        let errors = try quantizer.errors()
        #expect(errors.count > 40)
        #expect(errors.keys.contains("attention.conv"))
        #expect(errors.values.allSatisfy { $0 >= 0 && $0 < 0.5 })
        #expect(errors.values.contains { $0 > 0 })

        let none = quantizer.lowPrecision(errors, errorLimit: -1)
        #expect(none.ranges.isEmpty)
        let all = quantizer.lowPrecision(errors, errorLimit: .infinity)
        #expect(Set(all.ranges.keys) == Set(errors.keys))
        // Layers with the smallest errors are selected first.
        let some = quantizer.lowPrecision(errors, errorLimit: errors.values.reduce(0, +) / 4)
        #expect(!some.ranges.isEmpty && some.ranges.count < errors.count)
        let worst = errors.filter { some.ranges[$0.key] != nil }.values.max() ?? 0
        let best = errors.filter { some.ranges[$0.key] == nil }.values.min() ?? 0
        #expect(worst <= best)

        var options = DetectorOptions()
        options.precision = .int8
        let detector = try Detector(model: model.withLowPrecision(all), options: options)
        #expect(detector.precision == .int8)
    }
}

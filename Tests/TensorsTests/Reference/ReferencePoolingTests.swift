import Testing

@testable import Tensors

/// Literals from ONNX Runtime on x (2, 5, 6: 7, 11, 5), kernel 3, strides 2, pads 1.
struct ReferencePoolingTests {
    private let window = Window(kernel: 3, stride: 2, padding: 1)

    @Test func maximumAgreesWithLiterals() {
        let result = Reference.maxPool(pattern([2, 5, 6], 7, 11, 5), window)
        #expect(result.dims == [2, 3, 3])
        #expect(result.values == [4, 5, 5, 4, 5, 4, 5, 5, 4, 5, 4, 4, 5, 4, 5, 1, 4, 5])
    }

    @Test func averageCountsPadding() {
        let result = Reference.averagePool(pattern([2, 5, 6], 7, 11, 5), window)
        let ninths: [Float] = [1, 4, 0, 0, 1, -5, -1, 1, -3, 5, -1, -5, 6, -1, 4, -8, -4, 3]
        #expect(result.values == ninths.map { Float(Double($0) / 9) })
    }

    @Test func paddingIsNeverTheMaximum() {
        let x = Tensor(dims: [1, 3, 3], repeating: -7)
        #expect(Reference.maxPool(x, window).values == [-7, -7, -7, -7])
    }

    @Test func maxPoolingPropagatesNaN() {
        var x = Tensor(dims: [1, 3, 3], repeating: 1)
        x[4] = .nan
        #expect(Reference.averagePool(x, window).values.allSatisfy { $0.isNaN })
    }

    @Test func globalAverageIsTheMeanOfEachChannel() {
        let result = Reference.globalAverage(ramp(Shape(channels: 2, height: 2, width: 3)))
        #expect(result.dims == [2, 1, 1])
        #expect(result.values == [2.5, 8.5])
    }

    @Test(arguments: 1...6) func mapsOfAnySizeArePooled(side: Int) {
        let x = ramp(Shape(channels: 1, height: side, width: side))
        let result = Reference.maxPool(x, window)
        // The last window ends at the last place, or one before it when the side is even.
        let places = (side - 1) / 2 + 1
        let ends = (0..<places).map { min(2 * $0 + 1, side - 1) }
        #expect(result.values == ends.flatMap { row in ends.map { Float(row * side + $0) } })
    }
}

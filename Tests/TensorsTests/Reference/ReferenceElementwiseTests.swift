import Testing

@testable import Tensors

struct ReferenceElementwiseTests {
    private let shape = Shape(channels: 2, height: 1, width: 2)

    @Test func singlePixelIsBroadcastInASum() {
        let vector = Tensor(dims: [2, 1, 1], [10, 20])
        let sum = Reference.add([vector, ramp(shape), ramp(shape)], shape: shape)
        #expect(sum.values == [10, 12, 24, 26])
    }

    @Test func productIsElementWise() {
        let product = Reference.multiply(ramp(shape), Tensor(shape, [2, 3, -1, 0.5]))
        #expect(product.values == [0, 3, -2, 1.5])
    }
}

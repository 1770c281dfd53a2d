import Testing

@testable import Tensors

struct ReferenceDenseTests {
    /// w @ x + b by numpy, with x (3, 4: 7, 11, 5), w (2, 3: 5, 7, 3), b = [1, −1].
    @Test func denseLayerMatchesLiterals() {
        let result = Reference.dense(
            pattern([3, 4, 1], 7, 11, 5), weight: pattern([2, 3], 5, 7, 3),
            bias: Tensor(dims: [2], [1, -1]))
        #expect(result.dims == [2, 4, 1])
        #expect(result.values == [18, -11, 15, -14, 8, -11, 14, -16])
    }
}

import Testing

@testable import Tensors

struct ReferenceNormalizationTests {
    /// ONNX Runtime's BatchNormalization of (2, 2, 3: 7, 11, 5), epsilon 1e-5.
    @Test func agreesWithLiterals() {
        let statistics = NormStatistics(
            scale: Tensor(dims: [2], [2, 0.5]), shift: Tensor(dims: [2], [1, -1]),
            mean: Tensor(dims: [2], [0.5, -2]), variance: Tensor(dims: [2], [0.25, 4]),
            epsilon: 1e-5)
        let result = Reference.normalization(pattern([2, 2, 3], 7, 11, 5), statistics)
        let expected = Tensor(
            dims: [2, 2, 3],
            [
                -20.999559, 6.99988, -8.9998, 18.99964, 2.99996, -12.99972,
                0.4999982, -0.5000006, -1.4999994, 0.2499985, -0.7500003, -1.7499992,
            ])
        #expect(relativeError(result, expected) < 1e-6)
    }

    @Test func epsilonKeepsAConstantChannelFinite() {
        let one = Tensor(dims: [1], [1])
        let zero = Tensor(dims: [1])
        let statistics = NormStatistics(
            scale: one, shift: zero, mean: zero, variance: zero, epsilon: 1e-4)
        let result = Reference.normalization(Tensor(dims: [1, 1, 1], [2]), statistics)
        #expect(abs(result[0] - 200) < 0.01)
    }
}

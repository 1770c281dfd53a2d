import Testing

@testable import Tensors

struct ReferenceActivationTests {
    @Test func reluKeepsPositiveValues() {
        let x = Tensor(dims: [1, 1, 4], [-1, 0, 2, -.infinity])
        #expect(Reference.relu(x).values == [0, 0, 2, 0])
    }

    @Test func reluPropagatesNaN() {
        #expect(Reference.relu(Tensor(dims: [1, 1, 1], [.nan]))[0].isNaN)
    }

    @Test func sigmoidAgreesWithLiterals() {
        let result = Reference.sigmoid(Tensor(dims: [1, 1, 4], [-1, 0, 0.5, 3]))
        let expected: [Float] = [0.26894143, 0.5, 0.6224593, 0.9525741]
        for (value, literal) in zip(result.values, expected) {
            #expect(abs(value - literal) < 1e-7)
        }
    }

    @Test func sigmoidSaturatesAtBothEnds() {
        let result = Reference.sigmoid(Tensor(dims: [1, 1, 4], [-.infinity, -90, 90, .infinity]))
        #expect(result[0] == 0 && result[1] > 0 && result[1] < 1e-38)
        #expect(result[2] == 1 && result[3] == 1)
    }
}

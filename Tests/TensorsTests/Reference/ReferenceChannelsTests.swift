import Testing

@testable import Tensors

struct ReferenceChannelsTests {
    private let x = ramp(Shape(channels: 6, height: 1, width: 1))

    @Test func shuffleInterleavesTheHalves() {
        #expect(Reference.shuffle(x, groups: 2).values == [0, 3, 1, 4, 2, 5])
    }

    @Test func shuffleOfThreeGroupsTransposes() {
        #expect(Reference.shuffle(x, groups: 3).values == [0, 2, 4, 1, 3, 5])
    }

    @Test func shuffleIsInvertedByTheOtherFactor() {
        let y = noise([12, 2, 3], seed: 4)
        #expect(Reference.shuffle(Reference.shuffle(y, groups: 3), groups: 4) == y)
    }

    @Test func concatenatedSlicesGiveTheInput() {
        let y = noise([5, 2, 3], seed: 5)
        let parts = [Reference.slice(y, 0..<2), Reference.slice(y, 2..<5)]
        #expect(parts[1].values == Array(y.values[12...]))
        #expect(Reference.concatenation(parts) == y)
    }
}

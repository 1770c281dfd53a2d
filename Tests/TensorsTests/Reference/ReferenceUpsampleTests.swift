import Testing

@testable import Tensors

struct ReferenceUpsampleTests {
    @Test func doublingRepeatsEveryPixel() {
        let x = ramp(Shape(channels: 2, height: 1, width: 2))
        let result = Reference.upsample(x, to: Shape(channels: 9, height: 2, width: 4))
        #expect(result.dims == [2, 2, 4])
        #expect(result.values == [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3])
    }

    @Test func oddRatiosRoundDown() {
        // ⌊x·3/5⌋ for x = 0…4 is 0, 0, 1, 1, 2.
        let x = ramp(Shape(channels: 1, height: 1, width: 3))
        let result = Reference.upsample(x, to: Shape(channels: 1, height: 1, width: 5))
        #expect(result.values == [0, 0, 1, 1, 2])
    }
}

import Testing

@testable import Video

struct TicksTests {
    @Test
    func everyNumberHasANearestTick() {
        #expect(Int64(nearest: 0.4) == 0)
        #expect(Int64(nearest: -2.5) == -3)
        #expect(Int64(nearest: 1e300) == Int64.farthestTicks)
        #expect(Int64(nearest: -.infinity) == -Int64.farthestTicks)
        #expect(Int64(nearest: .nan) == 0)
    }

    @Test
    func sumsSaturate() {
        #expect(Int64(40).adding(-50) == -10)
        #expect(Int64.max.adding(1) == .max)
        #expect(Int64.min.adding(-1) == -.max)
        #expect(Int64(40).subtracting(50) == -10)
        #expect(Int64.max.subtracting(-1) == .max)
        #expect(Int64.min.subtracting(1) == -.max)
    }

    @Test
    func missingTimestampMarkIsNeverAResult() {
        #expect(Int64.min.adding(0) == -.max)
        #expect(Int64.min.subtracting(0) == -.max)
        #expect(Int64(-1).subtracting(.max) == -.max)
    }
}

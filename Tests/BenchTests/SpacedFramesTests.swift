import TestSupport
import Testing

@testable import Bench
@testable import Pipeline

struct SpacedFramesTests {
    /// Two seconds of 25 frames each.
    @Test(arguments: [(1, 50), (9, 6), (15, 4), (100, 1)])
    func everyNthFrameIsTaken(step: Int, expected: Int) throws {
        var pictures = try SpacedFrames(try Media.small(), step: step)
        var count = 0
        while try pictures.next() {
            count += 1
            #expect(pictures.width == 160 && pictures.height == 96)
            #expect(pictures.rgb.count == 3 * 160 * 96)
        }
        #expect(count == expected)
    }
}

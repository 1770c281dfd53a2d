import Testing
import Video

@testable import Live

struct LoadShedderTests {
    /// Feeds half-second notes with these idle shares, and returns the changes of the skipping.
    private func run(_ shares: [Double], _ policy: inout LoadShedder) -> [String] {
        var (now, waited) = (0.0, 0.0)
        var changes: [String] = []
        for share in shares {
            for _ in 0..<4 {
                if policy.update(waited: waited, now: now) {
                    changes.append(policy.decoderSkip.rawValue)
                }
                now += 0.5
                waited += share * 0.5
            }
        }
        if policy.update(waited: waited, now: now) { changes.append(policy.decoderSkip.rawValue) }
        return changes
    }

    @Test func anIdleReaderSkipsNothing() {
        var policy = LoadShedder()
        #expect(run([0.9, 0.5, 0.2, 0.06], &policy) == [])
    }

    @Test func skippingGrowsQuicklyAndShrinksSlowly() {
        var policy = LoadShedder()
        #expect(run([0, 0], &policy) == ["non-reference", "non-key"])
        policy.restart()
        let calm = run(Array(repeating: 0.8, count: 12), &policy)
        #expect(calm == ["non-reference", "none"])
    }

    @Test func aHalfBusyReaderChangesNothing() {
        var policy = LoadShedder()
        #expect(run([0, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3], &policy) == ["non-reference"])
    }
}

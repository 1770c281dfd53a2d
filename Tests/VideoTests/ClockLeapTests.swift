import TestSupport
import Testing

@testable import Video

/// Judgement of leaping timestamps, in milliseconds at 25 frames per second.
struct ClockLeapTests {
    private static func leap(longestGap: Double = 10, isLive: Bool = false) -> ClockLeap {
        ClockLeap(
            timeBase: Ratio(1, 1000), nominalRate: Ratio(25, 1), longestGap: longestGap,
            isLive: isLive)
    }

    /// Verdicts about timestamps, the last one at the end of the source.
    private func verdicts(
        _ ticks: [Int64], _ leap: ClockLeap = Self.leap()
    ) -> [ClockLeap.Verdict] {
        var leap = leap
        return ticks.map { leap.judge($0) }.filter { $0 != .steady && $0 != .undecided }
            + [leap.end()].filter { $0 != .steady }
    }

    private func frames(_ start: Int64, _ count: Int64, step: Int64 = 40) -> [Int64] {
        (0..<count).map { start + $0 * step }
    }

    @Test func steadyTimestampsAndDisorderAreLeftAlone() {
        #expect(verdicts(frames(-80, 100)) == [])
        #expect(verdicts([0, 160, 80, 40, 120, 320, 240, 200, 280]) == [])
        #expect(verdicts([0, 40, 40, 40, 900, 940]) == [])
    }

    @Test(arguments: [-10_000, -2000, -600, 15_000, 10_000_000])
    func leapThatThreeFramesAndHalfASecondConfirmIsANewClock(distance: Int64) {
        let ticks = frames(20_000, 50) + frames(22_000 + distance, 50)
        #expect(verdicts(ticks) == [.newClock(ticks: -distance)])
        var leap = Self.leap()
        let undecided = ticks.map { leap.judge($0) }.count { $0 == .undecided }
        #expect(undecided == 13, "half a second")
    }

    @Test func leapIsDecidedAtTheEndOfTheSource() {
        #expect(verdicts(frames(20_000, 50) + [1400, 1440]) == [.newClock(ticks: 20_600)])
    }

    @Test(arguments: [-10_000, 36_000_000])
    func framesThatAreStampedElsewhereAreRepaired(distance: Int64) {
        var ticks = frames(20_000, 100)
        ticks[30] += distance
        ticks[60] += distance
        ticks[61] += distance
        #expect(verdicts(ticks) == [.wrong([21_200]), .wrong([22_400, 22_440])])
    }

    @Test func wrongFrameBeforeALeapIsRepaired() {
        let ticks = frames(20_000, 50) + [9_000_000] + frames(1000, 50)
        #expect(
            verdicts(ticks) == [.wrongAndUndecided([22_000]), .newClock(ticks: 21_040)].map { $0 })
    }

    @Test func gapsUpToTheLimitAreKept() {
        #expect(verdicts(frames(0, 50) + frames(9000, 50)) == [.gap])
        #expect(
            verdicts(frames(0, 50) + frames(3_000_000, 50), Self.leap(longestGap: 3600)) == [.gap])
    }

    @Test func slowSourcesAreNoLeaps() {
        // A frame every 20 s, as of a time lapse.
        let found = verdicts(frames(0, 40, step: 20_000))
        #expect(!found.contains { if case .newClock = $0 { true } else { false } })
    }

    @Test func liveSourcesLeapAgainstTheirArrival() {
        var leap = Self.leap(isLive: true)
        for frame in 0..<50 { _ = leap.judge(Int64(frame) * 40, arrival: Int64(frame) * 40) }
        // A minute without packets is no leap.
        var verdicts = (0..<50).map { leap.judge(62_000 + $0 * 40, arrival: 62_000 + $0 * 40) }
        #expect(verdicts.allSatisfy { $0 == .steady })
        // An hour within one frame is.
        verdicts = (0..<50).map { leap.judge(3_664_000 + $0 * 40, arrival: 64_000 + $0 * 40) }
        #expect(verdicts.contains(.newClock(ticks: -3_600_000)))
    }

    @Test func anyTimestampsAreJudged() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            var leap = ClockLeap(
                timeBase: Ratio(1, Int(random.next() % 3) * 90_000), nominalRate: Ratio(0, 1),
                longestGap: 10, isLive: random.next() % 2 == 0)
            for _ in 0..<200 {
                let bits = Int64(bitPattern: random.next()) >> Int64(random.next() % 63)
                _ = leap.judge(bits, arrival: random.next() % 2 == 0 ? nil : bits / 2)
            }
            _ = leap.end()
        }
    }
}

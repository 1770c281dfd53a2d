import TestSupport
import Testing

@testable import Video

@Suite
struct TimestampRepairTests {
    static func repair() -> TimestampRepair {
        TimestampRepair(timeBase: Ratio(1, 1000), nominalRate: Ratio(25, 1))
    }

    func repaired(_ timestamps: [Int64?]) -> [Int64] {
        var repair = Self.repair()
        return timestamps.map { repair.next($0) }
    }

    @Test
    func validTimestampsAreUnchanged() {
        #expect(repaired([-80, -40, 1, 700, 701]) == [-80, -40, 1, 700, 701])
    }

    @Test
    func missingTimestampsFollowTheRate() {
        #expect(repaired([nil, nil, 90, nil]) == [0, 40, 90, 130])
    }

    @Test
    func smallStepsBackBecomeOneTick() {
        #expect(repaired([100, 100, 60, 140]) == [100, 101, 102, 140])
    }

    @Test
    func restartedClockContinues() {
        #expect(repaired([50_000, 50_040, 0, 40, 80]) == [50_000, 50_040, 50_080, 50_120, 50_160])
    }

    @Test
    func implausibleTimestampsCountAsMissing() {
        #expect(repaired([0, .max, .min, 80]) == [0, 40, 80, 81])
    }

    @Test
    func anyInputIncreasesStrictly() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            var repair = Self.repair()
            var last = Int64.min
            for _ in 0..<100 {
                let bits = Int64(bitPattern: random.next()) >> Int64(random.next() % 63)
                let next = repair.next(random.next() % 5 == 0 ? nil : bits)
                #expect(next > last)
                last = next
            }
        }
    }

    /// Timestamps that rise to the limit and fall back repeatedly, on the finest and coarsest
    /// clocks.
    @Test(arguments: [
        Ratio(1, 2_147_483_647), Ratio(1, 1000), Ratio(2_147_483_647, 1), Ratio(1, 0),
    ])
    func longRunsNeverOverflow(_ timeBase: Ratio) {
        for rate in [Ratio(1, 2_147_483_647), Ratio(0, 0), Ratio(2_147_483_647, 1)] {
            var repair = TimestampRepair(timeBase: timeBase, nominalRate: rate)
            var last = Int64.min
            for number in 0..<100_000 {
                let rising = -Int64.farthestTicks + Int64(number % 40_000) * 115_000_000_000_000
                let next = repair.next(number < 60_000 ? rising : nil)
                guard next > last else {
                    Issue.record("\(next) follows \(last)")
                    return
                }
                last = next
            }
        }
    }

    @Test func durationFarBelowEveryIntervalIsRejected() {
        var repair = TimestampRepair(timeBase: Ratio(1, 600), nominalRate: Ratio(25, 1))
        _ = repair.next(0)
        #expect(repair.length(24) == 24)
        _ = repair.next(24)
        _ = repair.next(600)
        #expect(repair.length(1) == 0 && repair.length(0) == 0 && repair.length(-5) == 0)
        #expect(repair.length(20) == 20 && repair.length(576) == 576)
    }
}

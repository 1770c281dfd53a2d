import Flow
import TestSupport
import Testing

@testable import Bench
@testable import Pipeline

/// The scenarios under a manual clock.
struct LoadGeneratorTests {
    private let hand = ManualClock(start: 1_000_000)

    private var generator: LoadGenerator {
        let hand = hand
        return LoadGenerator(
            clock: hand.clock,
            wait: { deadline in hand.advance(nanoseconds: deadline - hand.clock.now) })
    }

    private func work(_ milliseconds: Double) {
        hand.advance(nanoseconds: UInt64(milliseconds * 1e6))
    }

    @Test func theNextFrameArrivesWhenTheLastIsAnswered() {
        var seen: [Int] = []
        let outcome = generator.backToBack(seconds: 1) { sample in
            seen.append(sample)
            work(10)
        }
        #expect(outcome.samples == 100 && seen == Array(0..<100))
        #expect(outcome.latency.count == 100)
        #expect(outcome.latency.minimum == 10_000_000 && outcome.latency.maximum == 10_000_000)
        #expect(outcome.seconds == 1 && outcome.dropped == 0)
    }

    @Test func aQueryOfSeveralFramesEndsWithItsLastFrame() {
        let outcome = generator.backToBack(seconds: 0.4, samplesPerQuery: 8) { _ in work(5) }
        #expect(outcome.latency.count == 10 && outcome.samples == 80)
        #expect(outcome.latency.minimum == 40_000_000)
    }

    @Test func aDetectorInTimeDropsNothing() {
        let outcome = generator.live(seconds: 2, rate: 25) { _ in work(30) }
        #expect(outcome.samples == 50 && outcome.dropped == 0)
        #expect(outcome.latency.maximum == 30_000_000)
        #expect(abs(outcome.seconds - (49 * 0.04 + 0.03)) < 1e-6)
    }

    @Test func aLateDetectorGetsTheNewestFrameOnly() {
        var seen: [Int] = []
        let outcome = generator.live(seconds: 1, rate: 100) { sample in
            seen.append(sample)
            work(25)
        }
        #expect(outcome.samples + outcome.dropped == 100)
        #expect(seen.prefix(3) == [0, 2, 5])
        // Waiting counts: the latency starts at the frame's arrival, not at its inference.
        #expect(outcome.latency.maximum ?? 0 > 25_000_000)
        #expect(outcome.services.allSatisfy { $0 == 25_000_000 })
    }

    @Test func aStopEndsTheScenario() {
        var generator = generator
        var asked = 0
        generator.isStopped = {
            asked += 1
            return asked > 3
        }
        #expect(generator.backToBack(seconds: 100) { _ in work(1) }.samples == 3)
    }

    @Test func theHighestRateFollowsFromTheDurations() throws {
        let even = try #require(
            LoadGenerator.highestRateWithoutDrops(Array(repeating: 10_000_000, count: 500)))
        #expect(abs(even - 100) < 1)
        // A long inference may make the next frame wait, but not be replaced.
        var uneven = [UInt64](repeating: 10_000_000, count: 500)
        uneven[250] = 30_000_000
        let rate = try #require(LoadGenerator.highestRateWithoutDrops(uneven))
        #expect(rate > 1000 / 30.0 && rate < 100)
        #expect(LoadGenerator.highestRateWithoutDrops([]) == nil)
    }

    @Test func repeatsAreSummed() {
        var all = generator.backToBack(seconds: 0.1) { _ in work(10) }
        all.merge(generator.backToBack(seconds: 0.2) { _ in work(20) })
        #expect(all.samples == 20 && all.services.count == 20)
        #expect(all.latency.count == 20 && abs(all.seconds - 0.3) < 1e-9)
    }
}

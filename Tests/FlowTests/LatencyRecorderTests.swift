import Flow
import TestSupport
import Testing

struct LatencyRecorderTests {
    @Test func percentilesNeedAsManySamplesAsMLPerfAsksFor() {
        #expect(Percentile.p90.minimumSamples == 64)
        #expect(Percentile.p95.minimumSamples == 130)
        #expect(Percentile.p99.minimumSamples == 662)
        #expect(Percentile.p999.minimumSamples == 6636)
        #expect(Percentile.p50.minimumSamples == 11)
    }

    @Test(arguments: [Percentile.p50, .p90, .p95, .p99, .p999])
    func aPercentileIsRefusedBelowItsMinimum(percentile: Percentile) {
        var recorder = LatencyRecorder()
        for _ in 1..<percentile.minimumSamples { recorder.record(1_500_000) }
        #expect(recorder.value(at: percentile) == nil)
        #expect(recorder.text(at: percentile) == "n too small")
        recorder.record(1_500_000)
        #expect(recorder.value(at: percentile) == 1_500_000)
        #expect(recorder.text(at: percentile) == "1.500 ms")
    }

    @Test func percentilesAreRightToThreeDigits() throws {
        var recorder = LatencyRecorder()
        for microseconds in 1...10_000 { recorder.record(UInt64(microseconds) * 1000) }
        for (percentile, truth) in [(Percentile.p50, 5e6), (.p90, 9e6), (.p99, 9.9e6)] {
            let value = try #require(recorder.value(at: percentile))
            #expect(abs(Double(value) - truth) <= truth / 1000)
        }
        #expect(recorder.minimum == 1000)
        #expect(recorder.maximum == 10_000_000)
        #expect(recorder.mean == 5_000_500)
    }

    @Test func mergingEqualsRecordingTogether() {
        var noise = SeededGenerator(seed: 6)
        var parts = [LatencyRecorder](repeating: LatencyRecorder(), count: 3)
        var whole = LatencyRecorder()
        for index in 0..<9000 {
            let time = UInt64.random(in: 1...50_000_000, using: &noise)
            parts[index % 3].record(time)
            whole.record(time)
        }
        var merged = LatencyRecorder()
        for part in parts { merged.merge(part) }
        #expect(merged.description == whole.description)
        #expect(merged.count == 9000)
        #expect(merged.mean == whole.mean)
    }

    @Test func extremesAreKeptAndNothingIsLost() {
        var recorder = LatencyRecorder()
        #expect(recorder.description == "no samples")
        #expect(recorder.mean == nil)
        recorder.record(0)
        recorder.record(.max)
        #expect(recorder.count == 2)
        #expect(recorder.minimum == 0)
        #expect(recorder.maximum == .max)
    }

    @Test func measuringUsesTheClockItIsGiven() {
        let hands = ManualClock(start: 5)
        var recorder = LatencyRecorder()
        let answer = recorder.measure(with: hands.clock) {
            hands.advance(nanoseconds: 2_000)
            return 42
        }
        #expect(answer == 42)
        #expect(recorder.maximum == 2_000)
        #expect(hands.clock.now == 2_005)
    }

    @Test func recordingAllocatesNothing() {
        var recorder = LatencyRecorder()
        recorder.record(1)
        let count = repeatedAllocations {
            for time in 0..<1000 { recorder.record(UInt64(time) * 1000) }
        }
        #expect(count ?? 0 == 0)
    }

    @Test func percentilesHaveTheirUsualNames() {
        #expect([Percentile.p50, .p999].map(\.description) == ["p50", "p99.9"])
    }
}

import Flow
import TestSupport
import Testing

struct RateMeterTests {
    @Test(arguments: 2...40)
    func aSteadyRateIsExactFromTheSecondEventOn(events: Int) {
        var meter = RateMeter(window: 8)
        for event in 0..<events { meter.record(at: 1_000 + UInt64(event) * 40_000_000) }
        #expect(meter.recent == 25)
        #expect(meter.count == events)
    }

    @Test func oneEventHasNoRate() {
        var meter = RateMeter()
        #expect(meter.recent == nil)
        meter.record(at: 5)
        #expect(meter.recent == nil)
        meter.record(at: 5)
        #expect(meter.recent == nil)
    }

    @Test func theRateForgetsEventsBeforeItsWindow() {
        var meter = RateMeter(window: 3)
        for time in [0, 1, 2, 3, 3.5, 4] { meter.record(at: UInt64(time * 1e9)) }
        #expect(meter.recent == 2)
    }

    @Test func recordingAllocatesNothing() {
        var meter = RateMeter(window: 4)
        let count = repeatedAllocations {
            for _ in 0..<100 { meter.record(at: 7) }
        }
        #expect(count ?? 0 == 0)
    }
}

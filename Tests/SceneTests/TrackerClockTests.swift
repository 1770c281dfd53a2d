import Testing

@testable import Scene

struct TrackerClockTests {
    @Test func aHoleShorterThanTheMemoryKeepsIdentities() {
        var tracker = settled()
        tracker.gap(seconds: 0.5)
        step(&tracker, at: 5000, [claim(.around(640, 360, 100, 80))])
        #expect(tracker.objects.map(\.id) == [1])
    }

    @Test(arguments: [Double.infinity, 10, .nan])
    func aLongOrUnknownHoleEndsAllTracks(seconds: Double) {
        var tracker = settled()
        tracker.gap(seconds: seconds)
        #expect(tracker.objects.isEmpty && tracker.trackCount == 0)
        for frame in 0...5 {
            step(&tracker, at: Double(frame) / 10, [claim(.around(640, 360, 100, 80))])
        }
        #expect(tracker.objects.map(\.id) == [2])
    }

    @Test func aClockThatJumpsBackDoesNotStopTheTracker() {
        var tracker = settled()
        for frame in 0...30 {
            let x = 640 + Double(frame) * 5
            step(&tracker, at: -3600 + Double(frame) / 10, [claim(.around(x, 360, 100, 80))])
            #expect(tracker.objects.map(\.id) == [1])
        }
        step(&tracker, at: .nan, [])
        #expect(tracker.objects.count == 1)
    }
}

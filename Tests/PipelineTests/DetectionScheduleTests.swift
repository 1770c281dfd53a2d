import Testing

@testable import Configuration
@testable import Pipeline

struct DetectionScheduleTests {
    private func dues(_ tracking: TrackingDescription, _ times: [Double]) -> [Bool] {
        var schedule = DetectionSchedule(tracking)
        return times.map { schedule.isDue(at: $0) }
    }

    private func steady(_ rate: Double, seconds: Double) -> [Double] {
        (0..<Int(rate * seconds)).map { Double($0) / rate }
    }

    @Test func everyFrameIsDueByDefault() {
        #expect(dues(TrackingDescription(), steady(25, seconds: 1)).allSatisfy { $0 })
    }

    @Test(arguments: [1, 2, 3, 7])
    func everyNthFrameIsDueWhateverTheTimes(every: Int) {
        var tracking = TrackingDescription()
        tracking.every = every
        let found = dues(tracking, [0, 9, 1, 1, 5, 6, 100, 2, 3, 4, 4.5, 7, 8, 8, 8])
        for (index, isDue) in found.enumerated() { #expect(isDue == (index % every == 0)) }
    }

    @Test(arguments: [(30000.0 / 1001, 10.0), (25, 10), (30, 7), (60, 24), (12.5, 5)])
    func theMeanRateIsKept(source: Double, rate: Double) {
        var tracking = TrackingDescription()
        tracking.detectRate = rate
        let count = dues(tracking, steady(source, seconds: 60)).count { $0 }
        #expect(abs(Double(count) - rate * 60) <= 2)
    }

    @Test func aRateAboveTheSourcesDetectsOnEveryFrame() {
        var tracking = TrackingDescription()
        tracking.detectRate = 100
        #expect(dues(tracking, steady(25, seconds: 2)).allSatisfy { $0 })
    }

    @Test func gapsAndJumpsBackGiveOneDetectionEach() {
        var tracking = TrackingDescription()
        tracking.detectRate = 1
        let found = dues(tracking, [0, 0.5, 1, 9, 9.5, 10, 2, 2.5, 3])
        #expect(found == [true, false, true, true, false, true, true, false, true])
    }
}

import Testing

@testable import Scene

struct TrackTests {
    private let options = TrackerOptions()

    /// Track with ten observations per second along `box`, from 0 to `end` seconds.
    private func track(until end: Double, along box: (Double) -> Box) -> Track {
        var track = Track(detection(box(0)), at: 0, model: options.motion)
        for frame in 1...Int(end * 10) {
            let time = Double(frame) / 10
            track.predict(seconds: 0.1, model: options.motion)
            track.observe(detection(box(time)), at: time, options: options)
        }
        return track
    }

    /// Track after an absence of one second, in which the object moved by `shift`.
    private func found(_ track: Track, shift: Double, wasMissed: Bool) -> Track {
        var track = track
        track.predict(seconds: 1, model: options.motion)
        track.isMissed = wasMissed
        track.observe(detection(.around(300 + shift, 300, 100, 80)), at: 2, options: options)
        return track
    }

    @Test func speedAfterAnAbsenceFollowsTheStraightLine() {
        // 100 pixels per second while visible, but only 40 in the second of absence.
        let before = track(until: 1) { .around(200 + 100 * $0, 300, 100, 80) }
        let replayed = found(before, shift: 40, wasMissed: true)
        let plain = found(before, shift: 40, wasMissed: false)
        #expect(abs(replayed.filter.x.rate - 40) < 8)
        #expect(abs(replayed.filter.x.rate - 40) < abs(plain.filter.x.rate - 40))
        #expect(!replayed.isMissed)
    }

    @Test func speedAfterAnAbsenceDoesNotDependOnTheFrameRate() {
        var rates: [Double] = []
        for step in [0.02, 0.05, 0.1] {
            var track = track(until: 1) { .around(200 + 100 * $0, 300, 100, 80) }
            for _ in 0..<Int((1 / step).rounded()) {
                track.predict(seconds: step, model: options.motion)
            }
            track.isMissed = true
            track.observe(detection(.around(340, 300, 100, 80)), at: 2, options: options)
            rates.append(track.filter.x.rate)
        }
        #expect(rates.allSatisfy { $0 == rates[0] })
    }

    @Test func straightMotionAgreesAndReversalDoesNot() {
        let track = track(until: 1) { .around(200 + 100 * $0, 300, 100, 80) }
        let onward = track.agreement(with: .around(340, 300, 100, 80), age: 0.3)
        let back = track.agreement(with: .around(260, 300, 100, 80), age: 0.3)
        let across = track.agreement(with: .around(300, 340, 100, 80), age: 0.3)
        #expect(onward > 0.2 && onward <= 0.5)
        #expect(back == -onward)
        #expect(abs(across) < 1e-6)
    }

    @Test func objectAtRestHasNoDirection() {
        let track = track(until: 1) { _ in .around(300, 300, 100, 80) }
        #expect(track.agreement(with: .around(340, 300, 100, 80), age: 0.3) == 0)
        let moving = self.track(until: 1) { .around(200 + 100 * $0, 300, 100, 80) }
        #expect(moving.agreement(with: .around(300, 300, 100, 80), age: 0.3) == 0)
        let close = moving.agreement(with: .around(301, 300, 100, 80), age: 0.3)
        #expect(close > 0 && close < 0.03)
    }
}

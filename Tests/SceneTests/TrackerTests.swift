import TestSupport
import Testing

@testable import Scene

struct TrackerTests {
    private static let rates = [30.0, 25, 10, 5]

    /// Runs a tracker on a synthetic road and passes each frame's objects to `body`.
    private func drive(
        _ road: Road, seconds: Double, rate: Double, seed: UInt64 = 1,
        options: TrackerOptions = TrackerOptions(), body: (Double, [TrackedObject]) -> Void
    ) {
        var tracker = Tracker(options: options)
        var random = SeededGenerator(seed: seed)
        for frame in 0..<Int(seconds * rate) {
            let time = Double(frame) / rate
            tracker.update(
                road.detections(at: time, using: &random), at: time, frameWidth: road.width,
                frameHeight: road.height)
            body(time, tracker.objects)
        }
    }

    // MARK: Identities

    @Test(arguments: rates)
    func oneObjectKeepsOneIdentity(rate: Double) {
        let road = Road(
            actors: [.init { .around(200 + 150 * $0, 300, 120, 90) }], noise: 0.04, missRate: 0.2)
        var ids: Set<Int> = []
        var seen = 0
        drive(road, seconds: 6, rate: rate) { _, objects in
            ids.formUnion(objects.map(\.id))
            seen += objects.count
        }
        #expect(ids == [1])
        #expect(Double(seen) > 0.85 * 6 * rate)
    }

    @Test(arguments: rates, 1...10 as ClosedRange<UInt64>)
    func crossingObjectsKeepTheirIdentities(rate: Double, seed: UInt64) {
        func forward(_ time: Double) -> Box { .around(100 + 200 * time, 340, 90, 80) }
        func backward(_ time: Double) -> Box { .around(1100 - 200 * time, 370, 110, 100) }
        let road = Road(actors: [.init(box: forward), .init(box: backward)], noise: 0.02)
        var right: Set<Int> = []
        var left: Set<Int> = []
        drive(road, seconds: 5, rate: rate, seed: seed) { time, objects in
            guard time < 1.8 || time > 3.2 else { return }
            for object in objects {
                if object.box.overlap(forward(time)) > 0.3 { right.insert(object.id) }
                if object.box.overlap(backward(time)) > 0.3 { left.insert(object.id) }
            }
        }
        #expect(right.count == 1 && left.count == 1 && right != left)
    }

    @Test(arguments: rates, 1...10 as ClosedRange<UInt64>)
    func objectOccludedForOneSecondKeepsItsIdentity(rate: Double, seed: UInt64) {
        let road = Road(
            actors: [
                .init {
                    (2.0..<3.0).contains($0) ? nil : .around(200 + 130 * $0, 300, 120, 90)
                }
            ], noise: 0.02)
        var before: Set<Int> = []
        var hidden = 0
        var after: Set<Int> = []
        drive(road, seconds: 5, rate: rate, seed: seed) { time, objects in
            if time < 2 { before.formUnion(objects.map(\.id)) }
            if time >= 2, time < 3 {
                for object in objects { #expect(object.isPredicted) }
                hidden += objects.count
            }
            if time > 3.3 { after.formUnion(objects.map(\.id)) }
        }
        #expect(before == [1] && after == [1])
        #expect(hidden > 0)
    }

    @Test func objectAbsentLongerThanMemoryGetsNewIdentity() {
        var tracker = settled()
        for frame in 11...40 { step(&tracker, at: Double(frame) / 10, []) }
        #expect(tracker.trackCount == 0)
        for frame in 41...45 {
            step(&tracker, at: Double(frame) / 10, [detection(.around(640, 360, 100, 80))])
        }
        #expect(tracker.objects.map(\.id) == [2])
    }

    @Test(arguments: rates)
    func fastApproachingObjectKeepsItsIdentity(rate: Double) {
        // 25 m/s towards the camera, from 60 m to 6 m: the box grows tenfold in two seconds.
        let road = Road(
            actors: [
                .init { time in
                    let depth = 60 - 25 * time
                    guard depth > 6 else { return nil }
                    return .around(
                        640 - 2700 / depth, 380 + 600 / depth, 1600 / depth, 1300 / depth)
                }
            ], noise: 0.03)
        var ids: Set<Int> = []
        drive(road, seconds: 2.1, rate: rate) { _, objects in ids.formUnion(objects.map(\.id)) }
        #expect(ids == [1])
    }

    // MARK: Confirmation

    @Test func singleDetectionIsNotConfirmed() {
        var tracker = Tracker()
        step(&tracker, at: 0, [detection(.around(100, 100, 50, 50))])
        for frame in 1...10 { step(&tracker, at: Double(frame) / 10, []) }
        #expect(tracker.objects.isEmpty && tracker.trackCount == 0)
        for frame in 11...20 {
            step(&tracker, at: Double(frame) / 10, [detection(.around(500, 300, 50, 50))])
        }
        #expect(tracker.objects.map(\.id) == [1], "identities are spent on confirmed tracks only")
    }

    @Test(arguments: [60.0, 30, 10])
    func confirmationTakesTimeAndEvidence(rate: Double) {
        var first: Double?
        let road = Road(actors: [.init { _ in .around(300, 300, 80, 60) }], score: 0.5...0.5)
        drive(road, seconds: 1, rate: rate) { time, objects in
            if !objects.isEmpty, first == nil { first = time }
        }
        #expect((first ?? 9) >= 0.1 && (first ?? 9) < 0.25)
    }

    @Test func veryHighScoreConfirmsImmediately() {
        var tracker = Tracker()
        step(&tracker, at: 0, [detection(.around(300, 300, 80, 60), score: 0.95)])
        #expect(tracker.objects.map(\.id) == [1] && !tracker.objects[0].isPredicted)
    }

    private func fade(_ tracker: inout Tracker, frames: ClosedRange<Int>) {
        for frame in frames {
            step(
                &tracker, at: Double(frame) / 10,
                [
                    detection(.around(640, 360, 100, 80), score: 0.15),
                    detection(.around(200, 200, 100, 80), score: 0.15),
                ])
        }
    }

    @Test func lowScoresContinueTracksButDoNotStartThem() {
        var tracker = settled()
        fade(&tracker, frames: 11...13)
        #expect(tracker.objects.map(\.id) == [1] && !tracker.objects[0].isPredicted)
        #expect(tracker.trackCount == 1)
    }

    @Test func trackWithLowMeanScoreIsKeptButNotPublished() {
        var tracker = settled()
        fade(&tracker, frames: 11...30)
        #expect(tracker.objects.isEmpty && tracker.trackCount == 1)
        step(&tracker, at: 3.1, [detection(.around(640, 360, 100, 80), score: 0.9)])
        step(&tracker, at: 3.3, [detection(.around(640, 360, 100, 80), score: 0.9)])
        #expect(tracker.objects.map(\.id) == [1])
    }

    @Test func damagedFramesNeitherStartNorConfirmTracks() {
        var tracker = Tracker()
        let strong = detection(.around(300, 300, 80, 60), score: 0.95)
        step(&tracker, at: 0, [strong], mayStartTracks: false)
        #expect(tracker.trackCount == 0)
        step(&tracker, at: 0.1, [detection(.around(300, 300, 80, 60), score: 0.5)])
        step(&tracker, at: 0.2, [strong], mayStartTracks: false)
        #expect(tracker.trackCount == 1 && tracker.objects.isEmpty)
        step(&tracker, at: 0.3, [strong])
        #expect(tracker.objects.map(\.id) == [1])
        step(&tracker, at: 0.4, [strong], mayStartTracks: false)
        #expect(tracker.objects.map(\.isPredicted) == [false])
    }

    // MARK: Guesses

    @Test func predictedObjectsAreMarkedAndTheirScoreDecays() {
        var tracker = settled()
        var last = tracker.objects[0].score
        #expect(!tracker.objects[0].isPredicted && last == 0.7)
        for frame in 11...15 {
            step(&tracker, at: Double(frame) / 10, [])
            #expect(tracker.objects.map(\.isPredicted) == [true])
            #expect(tracker.objects[0].score < last)
            last = tracker.objects[0].score
        }
        #expect(abs(last - 0.35) < 0.001, "half the score after the half-life")
        step(&tracker, at: 1.7, [])
        #expect(tracker.objects.isEmpty && tracker.trackCount == 1)
    }

    @Test func framesWithoutInferencePublishAllTracksAsPredicted() {
        let road = Road(actors: [.init { .around(200 + 100 * $0, 300, 120, 90) }])
        var tracker = Tracker()
        var random = SeededGenerator(seed: 3)
        for frame in 0..<120 {
            let time = Double(frame) / 30
            if frame % 10 == 0 {
                step(&tracker, at: time, road.detections(at: time, using: &random))
            } else {
                tracker.predict(at: time)
            }
            guard time > 1 else { continue }
            #expect(tracker.objects.map(\.id) == [1])
            #expect(tracker.objects[0].isPredicted == (frame % 10 != 0))
            #expect(tracker.objects[0].box.overlap(.around(200 + 100 * time, 300, 120, 90)) > 0.85)
        }
    }

    @Test func trackEndsWhenItLeavesTheFrame() {
        var tracker = Tracker()
        for frame in 0...20 {
            let x = 1000 + Double(frame) * 12
            step(&tracker, at: Double(frame) / 10, [detection(.around(x, 300, 100, 80))])
        }
        #expect(tracker.trackCount == 1)
        for frame in 21...26 {
            step(&tracker, at: Double(frame) / 10, [])
            for object in tracker.objects { #expect(object.box.right <= 1280) }
        }
        #expect(tracker.trackCount == 0, "0.6 s is less than the memory: it left the frame")
    }

    @Test func changeOfFrameSizeEndsAllTracks() {
        var tracker = settled()
        tracker.update(
            [detection(.around(640, 360, 100, 80))], at: 1.1, frameWidth: 1920,
            frameHeight: 1080)
        #expect(tracker.objects.isEmpty && tracker.trackCount == 1)
    }

    @Test func sameCallsGiveSameObjects() {
        func run() -> [[TrackedObject]] {
            var drive = Drive(seconds: 10, rate: 15, seed: 8)
            var tracker = Tracker()
            return drive.frames().map {
                step(&tracker, at: $0.seconds, $0.detections)
                return tracker.objects
            }
        }
        #expect(run() == run())
    }

    // MARK: Time

    @Test func gapShorterThanMemoryKeepsIdentities() {
        var tracker = settled()
        tracker.gap(seconds: 0.5)
        step(&tracker, at: 5000, [detection(.around(640, 360, 100, 80))])
        #expect(tracker.objects.map(\.id) == [1])
    }

    @Test(arguments: [Double.infinity, 10, .nan])
    func longOrUnknownGapEndsAllTracks(seconds: Double) {
        var tracker = settled()
        tracker.gap(seconds: seconds)
        #expect(tracker.objects.isEmpty && tracker.trackCount == 0)
        for frame in 0...5 {
            step(&tracker, at: Double(frame) / 10, [detection(.around(640, 360, 100, 80))])
        }
        #expect(tracker.objects.map(\.id) == [2])
    }

    @Test func jumpBackOfTheClockDoesNotStopTheTracker() {
        var tracker = settled()
        for frame in 0...30 {
            let x = 640 + Double(frame) * 5
            step(&tracker, at: -3600 + Double(frame) / 10, [detection(.around(x, 360, 100, 80))])
            #expect(tracker.objects.map(\.id) == [1])
        }
        step(&tracker, at: .nan, [])
        #expect(tracker.objects.count == 1)
    }
}

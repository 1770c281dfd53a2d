import Testing

@testable import Scene

struct ClassEvidenceTests {
    @Test func classesOfDifferentGroupsNeverShareATrack() {
        var tracker = settled()
        for frame in 11...15 {
            step(
                &tracker, at: Double(frame) / 10,
                [detection(.around(640, 360, 100, 80), classIndex: 3)]
            )
        }
        #expect(tracker.objects.map(\.classIndex) == [0, 3])
    }

    @Test func classChangesOnlyWithEnoughEvidence() {
        var options = TrackerOptions()
        options.classGroups = [[0, 3]]
        var tracker = settled(options: options)
        step(&tracker, at: 1.1, [detection(.around(640, 360, 100, 80), classIndex: 3)])
        #expect(tracker.objects.map(\.classIndex) == [0])
        for frame in 12...40 {
            step(
                &tracker, at: Double(frame) / 10,
                [detection(.around(640, 360, 100, 80), classIndex: 3)]
            )
        }
        #expect(tracker.objects.map(\.classIndex) == [3] && tracker.objects.map(\.id) == [1])
    }

    @Test func alternatingDetectionClassesGiveOneTrackClass() {
        var options = TrackerOptions()
        options.classGroups = [[0, 3]]
        var tracker = settled(options: options)
        var changes = 0
        var last = 0
        for frame in 11...300 {
            let flip = frame % 2 == 0 ? 3 : 0
            step(
                &tracker, at: Double(frame) / 10,
                [detection(.around(640, 360, 100, 80), classIndex: flip)])
            if tracker.objects[0].classIndex != last { changes += 1 }
            last = tracker.objects[0].classIndex
        }
        #expect(changes == 0)
    }

    @Test func twoClassesOfAGroupOnOneObjectGiveOneTrack() {
        var options = TrackerOptions()
        options.classGroups = [[0, 3]]
        var tracker = Tracker(options: options)
        for frame in 0...10 {
            step(
                &tracker, at: Double(frame) / 10,
                [
                    detection(.around(640, 360, 100, 80)),
                    detection(.around(642, 361, 102, 80), score: 0.6, classIndex: 3),
                ])
        }
        #expect(tracker.trackCount == 1)
    }
}

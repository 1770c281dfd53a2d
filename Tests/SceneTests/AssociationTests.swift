import Testing

@testable import Scene

struct AssociationTests {
    /// A tracker that has followed one object for two seconds at 100 pixels a second, up to x = 400.
    private func moving() -> Tracker {
        var tracker = Tracker()
        for frame in 0...20 {
            let x = 200 + Double(frame) * 10
            step(&tracker, at: Double(frame) / 10, [claim(.around(x, 300, 80, 60))])
        }
        return tracker
    }

    @Test func anObjectThatStoppedOutOfSightIsFoundWhereItVanished() {
        var tracker = moving()
        for frame in 21...29 { step(&tracker, at: Double(frame) / 10, []) }
        step(&tracker, at: 3, [claim(.around(402, 300, 80, 60))])
        #expect(tracker.objects.map(\.id) == [1] && !tracker.objects[0].isPredicted)
    }

    @Test func anObjectThatWentOnOutOfSightIsFoundWhereItShouldBe() {
        var tracker = moving()
        for frame in 21...29 { step(&tracker, at: Double(frame) / 10, []) }
        step(&tracker, at: 3, [claim(.around(500, 300, 80, 60))])
        #expect(tracker.objects.map(\.id) == [1] && !tracker.objects[0].isPredicted)
    }

    @Test func aHighScoreIsTakenBeforeALowOneThatFitsBetter() {
        var tracker = moving()
        step(
            &tracker, at: 2.1,
            [
                claim(.around(410, 300, 80, 60), score: 0.2),
                claim(.around(425, 310, 80, 60), score: 0.8),
            ])
        #expect(tracker.objects[0].score == 0.8)
    }

    @Test func aMissedTrackIsNotTakenUpByALowScore() {
        var tracker = moving()
        step(&tracker, at: 2.1, [])
        step(&tracker, at: 2.2, [claim(.around(420, 300, 80, 60), score: 0.2)])
        #expect(tracker.objects.map(\.isPredicted) == [true])
    }

    @Test func confirmedTracksComeBeforeUnconfirmedOnes() {
        var tracker = moving()
        // A newcomer appears beside the old track, then only one detection is left, nearer to the newcomer.
        step(
            &tracker, at: 2.1,
            [claim(.around(410, 300, 80, 60)), claim(.around(445, 300, 80, 60))])
        #expect(tracker.trackCount == 2)
        step(&tracker, at: 2.15, [claim(.around(440, 300, 80, 60))])
        #expect(tracker.objects.map(\.id) == [1] && !tracker.objects[0].isPredicted)
    }

    @Test func theSurerOfTwoTracksWins() {
        var tracker = Tracker()
        for frame in 0...20 {
            let first = claim(.around(300, 300, 80, 60), score: 0.6)
            let second = claim(.around(360, 300, 80, 60))
            step(&tracker, at: Double(frame) / 10, frame > 10 ? [second] : [first, second])
        }
        // Half-way between one that was just seen and one that is long out of sight.
        step(&tracker, at: 2.1, [claim(.around(331, 300, 80, 60))])
        #expect(tracker.trackCount == 2)
        #expect(tracker.objects.map(\.isPredicted) == [false])
        #expect(tracker.objects[0].box.centerX > 331)
    }

    @Test(arguments: [0, 3])
    func theClassDecidesBetweenEquals(classIndex: Int) {
        var options = TrackerOptions()
        options.classGroups = [[0, 3]]
        var tracker = Tracker(options: options)
        for frame in 0...10 {
            step(
                &tracker, at: Double(frame) / 10,
                [
                    claim(.around(300, 300, 80, 60), classIndex: 0),
                    claim(.around(360, 300, 80, 60), classIndex: 3),
                ])
        }
        step(&tracker, at: 1.1, [claim(.around(330, 300, 80, 60), classIndex: classIndex)])
        let seen = tracker.objects.filter { !$0.isPredicted }
        #expect(seen.map(\.classIndex) == [classIndex])
    }

    @Test func aFastNewcomerIsFollowedAtALowFrameRate() {
        var tracker = Tracker()
        for frame in 0...5 {
            let x = 200 + Double(frame) * 56
            step(&tracker, at: Double(frame) / 5, [claim(.around(x, 300, 80, 60))])
        }
        #expect(tracker.trackCount == 1)
        #expect(tracker.objects.map(\.id) == [1])
    }

    @Test func directionDecidesBetweenEquals() {
        var tracker = moving()
        // Two candidates, equally far ahead of and behind the expected place.
        step(
            &tracker, at: 2.1,
            [claim(.around(388, 300, 80, 60)), claim(.around(432, 300, 80, 60))])
        #expect(tracker.objects[0].box.centerX > 410)
    }

    @Test func widenedBoxesKeepTheirCentre() {
        let box = Box(x: 10, y: 20, width: 30, height: 40).widened(by: 0.5)
        #expect(box == Box(x: -5, y: 0, width: 60, height: 80))
    }
}

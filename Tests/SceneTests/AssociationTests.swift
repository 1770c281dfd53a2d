import Testing

@testable import Scene

struct AssociationTests {
    /// A tracker that has followed one object for two seconds at 100 pixels a second, up to x = 400.
    private func moving() -> Tracker {
        var tracker = Tracker()
        for frame in 0...20 {
            let x = 200 + Double(frame) * 10
            step(&tracker, at: Double(frame) / 10, [detection(.around(x, 300, 80, 60))])
        }
        return tracker
    }

    @Test func objectThatStoppedWhileOccludedIsMatchedAtItsLastBox() {
        var tracker = moving()
        for frame in 21...29 { step(&tracker, at: Double(frame) / 10, []) }
        step(&tracker, at: 3, [detection(.around(402, 300, 80, 60))])
        #expect(tracker.objects.map(\.id) == [1] && !tracker.objects[0].isPredicted)
    }

    @Test func objectThatMovedWhileOccludedIsMatchedAtItsPredictedBox() {
        var tracker = moving()
        for frame in 21...29 { step(&tracker, at: Double(frame) / 10, []) }
        step(&tracker, at: 3, [detection(.around(500, 300, 80, 60))])
        #expect(tracker.objects.map(\.id) == [1] && !tracker.objects[0].isPredicted)
    }

    @Test func highScoreIsMatchedBeforeLowScoreOfGreaterOverlap() {
        var tracker = moving()
        step(
            &tracker, at: 2.1,
            [
                detection(.around(410, 300, 80, 60), score: 0.2),
                detection(.around(425, 310, 80, 60), score: 0.8),
            ])
        #expect(tracker.objects[0].score == 0.8)
    }

    @Test func lowScoreDoesNotRecoverAMissedTrack() {
        var tracker = moving()
        step(&tracker, at: 2.1, [])
        step(&tracker, at: 2.2, [detection(.around(420, 300, 80, 60), score: 0.2)])
        #expect(tracker.objects.map(\.isPredicted) == [true])
    }

    @Test func confirmedTracksAreMatchedBeforeTentativeOnes() {
        var tracker = moving()
        // A new object appears beside the old track, then only one detection is left, nearer to the new one.
        step(
            &tracker, at: 2.1,
            [detection(.around(410, 300, 80, 60)), detection(.around(445, 300, 80, 60))])
        #expect(tracker.trackCount == 2)
        step(&tracker, at: 2.15, [detection(.around(440, 300, 80, 60))])
        #expect(tracker.objects.map(\.id) == [1] && !tracker.objects[0].isPredicted)
    }

    @Test func trackOfLowerUncertaintyWins() {
        var tracker = Tracker()
        for frame in 0...20 {
            let first = detection(.around(300, 300, 80, 60), score: 0.6)
            let second = detection(.around(360, 300, 80, 60))
            step(&tracker, at: Double(frame) / 10, frame > 10 ? [second] : [first, second])
        }
        // Half-way between a track that was just matched and one that was missed for long.
        step(&tracker, at: 2.1, [detection(.around(331, 300, 80, 60))])
        #expect(tracker.trackCount == 2)
        #expect(tracker.objects.map(\.isPredicted) == [false])
        #expect(tracker.objects[0].box.centerX > 331)
    }

    @Test(arguments: [0, 3])
    func classBreaksTies(classIndex: Int) {
        var options = TrackerOptions()
        options.classGroups = [[0, 3]]
        var tracker = Tracker(options: options)
        for frame in 0...10 {
            step(
                &tracker, at: Double(frame) / 10,
                [
                    detection(.around(300, 300, 80, 60), classIndex: 0),
                    detection(.around(360, 300, 80, 60), classIndex: 3),
                ])
        }
        step(&tracker, at: 1.1, [detection(.around(330, 300, 80, 60), classIndex: classIndex)])
        let seen = tracker.objects.filter { !$0.isPredicted }
        #expect(seen.map(\.classIndex) == [classIndex])
    }

    @Test func fastNewObjectIsFollowedAtALowFrameRate() {
        var tracker = Tracker()
        for frame in 0...5 {
            let x = 200 + Double(frame) * 56
            step(&tracker, at: Double(frame) / 5, [detection(.around(x, 300, 80, 60))])
        }
        #expect(tracker.trackCount == 1)
        #expect(tracker.objects.map(\.id) == [1])
    }

    @Test func directionBreaksTies() {
        var tracker = moving()
        // Two candidates, equally far ahead of and behind the predicted position.
        step(
            &tracker, at: 2.1,
            [detection(.around(388, 300, 80, 60)), detection(.around(432, 300, 80, 60))])
        #expect(tracker.objects[0].box.centerX > 410)
    }

    @Test func widenedBoxesKeepTheirCentre() {
        let box = Box(x: 10, y: 20, width: 30, height: 40).widened(by: 0.5)
        #expect(box == Box(x: -5, y: 0, width: 60, height: 80))
    }
}

struct DetectionPoolTests {
    private let frame = Box(x: 0, y: 0, width: 200, height: 100)

    private func filled(
        _ detections: [Detection], change: (inout TrackerOptions) -> Void = { _ in }
    ) -> [Detection] {
        var options = TrackerOptions()
        change(&options)
        var pool = DetectionPool(options: options)
        pool.fill(from: detections, frame: frame)
        return (0..<pool.count).map { pool[$0] }
    }

    @Test func isSortedByDescendingScore() {
        let boxes = (0..<4).map { Box(x: Float($0) * 40, y: 10, width: 20, height: 20) }
        let scores: [Float] = [0.4, 0.8, 0.4, 0.9]
        let pool = filled(zip(boxes, scores).map { detection($0, score: $1) })
        #expect(pool.map(\.box.x) == [120, 40, 0, 80])
    }

    @Test func clipsBoxesToTheFrameAndScoresToOne() {
        let pool = filled([detection(Box(x: -50, y: 90, width: 100, height: 50), score: 7)])
        #expect(pool == [detection(Box(x: 0, y: 90, width: 50, height: 10), score: 1)])
    }

    @Test(arguments: [
        Box(x: 0, y: 0, width: 0, height: 10), Box(x: 50, y: 50, width: -10, height: 10),
        Box(x: .nan, y: 0, width: 10, height: 10), Box(x: 0, y: 0, width: .infinity, height: 10),
        Box(x: 300, y: 0, width: 10, height: 10), Box(x: 199.5, y: 0, width: 10, height: 10),
    ])
    func invalidBoxesAreRemoved(box: Box) {
        #expect(filled([detection(box)]).isEmpty)
    }

    @Test(arguments: [Float.nan, 0, -1, .infinity, 0.01])
    func invalidAndLowScoresAreRemoved(score: Float) {
        #expect(filled([detection(Box(x: 0, y: 0, width: 10, height: 10), score: score)]).isEmpty)
    }

    @Test func duplicatesAreRemovedWithinAGroupOnly() {
        let box = Box(x: 10, y: 10, width: 50, height: 50)
        let detections = [0, 3, 4].map {
            detection(box, score: 0.5 + Float($0) / 10, classIndex: $0)
        }
        #expect(filled(detections).count == 3)
        let grouped = filled(detections) { $0.classGroups = [[0, 3], [3, 4]] }
        #expect(grouped.map(\.classIndex) == [4, 3], "the first group that names a class counts")
    }

    @Test func keepsAtMostTheLimit() {
        let detections = (0..<50).map {
            detection(
                Box(x: Float($0) * 3, y: 0, width: 2, height: 50), score: 0.3 + Float($0) / 100)
        }
        let pool = filled(detections) { $0.detectionLimit = 7 }
        #expect(pool.map(\.box.x) == (43..<50).reversed().map { Float($0) * 3 })
    }
}

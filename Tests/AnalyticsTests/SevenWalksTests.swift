import Analytics
import Scene
import TestSupport
import Testing

/// Seven walks of which a popular library counts six wrongly, and kindred ones.
struct SevenWalksTests {
    private let level = Line(pixels: [(300, 500), (700, 500)])

    @Test func theBottomCentreOfTheWholeBoxDecidesNotThatOfItsPartInTheZone() {
        var zone = Zone(pixels: [(0, 0), (100, 0), (100, 1000), (0, 1000)])
        zone.enterAfter = 0
        var walk = Walk(zones: [zone])
        for frame in 0..<10 {
            walk.show(Box(left: 50, top: 10, right: 300, bottom: 90), at: Double(frame) / 30)
        }
        #expect(walk.kinds.isEmpty)
    }

    @Test func walkAroundTheEndOfTheSegmentCrossesNothing() {
        var walk = Walk(lines: [level])
        walk.walk((0...40).map { (800, 600 - 5 * Double($0)) })
        #expect(walk.kinds.isEmpty)
        let below = (0...40).map { (x: 600 + 5 * Double($0), y: 600.0) }
        let beside = (0...40).map { (x: 800.0, y: 600 - 5 * Double($0)) }
        let above = (0...40).map { (x: 800 - 5 * Double($0), y: 400.0) }
        var around = Walk(lines: [level])
        around.walk(below + beside + above)
        #expect(around.kinds.isEmpty)
        var back = Walk(lines: [level])
        let through = (0...40).map { (x: 600.0, y: 400 + 5 * Double($0)) }
        back.walk(below + beside + above + through)
        #expect(back.directions == [.out])
    }

    @Test func objectParkedOnTheLineIsNotCountedByItsJitter() {
        var walk = Walk(lines: [level])
        walk.walk((0..<200).map { (500, 500 + ($0 % 2 == 0 ? 1 : -1)) })
        #expect(walk.kinds.isEmpty)
    }

    @Test func jitterOnTheLineAndOneCrossingCountOnce() {
        var walk = Walk(lines: [level])
        let approach = (0...20).map { (x: 500.0, y: 600 - 5 * Double($0)) }
        let jitter = (0..<50).map { (x: 500.0, y: 500 + Double($0 % 3) - 1) }
        let departure = (1...20).map { (x: 500.0, y: 500 - 5 * Double($0)) }
        walk.walk(approach + jitter + departure)
        #expect(walk.directions == [.in])
    }

    @Test func jitterAndReturnCountNothing() {
        var walk = Walk(lines: [level])
        let approach = (0...20).map { (x: 500.0, y: 600 - 5 * Double($0)) }
        let jitter = (0..<50).map { (x: 500.0, y: 500 + Double($0 % 3) - 1) }
        walk.walk(approach + jitter + approach.reversed())
        #expect(walk.kinds.isEmpty)
    }

    @Test func fastCarOfThreeFramesCounts() {
        var walk = Walk(lines: [level])
        walk.walk([(500, 560), (500, 480), (500, 400)], width: 80, height: 60)
        #expect(walk.directions == [.in])
    }

    @Test func jumpOfAnIdentityToAnotherObjectCrossesNothing() {
        var walk = Walk(lines: [level])
        walk.walk((0..<100).map { (500, $0 < 50 ? 600 : 300) })
        #expect(walk.kinds.isEmpty)
        #expect(walk.scene.totals[0].jumps == 1)
    }

    @Test func crossingWellInsideCountsThoughACornerOverhangsTheEnd() {
        var walk = Walk(lines: [level])
        walk.walk((0...40).map { (680, 600 - 5 * Double($0)) }, width: 100, height: 80)
        #expect(walk.directions == [.in])
    }

    @Test func lineNearTheEdgeCountsThoughNoBoxIsEverWhollyBeyondIt() {
        var walk = Walk(lines: [Line(pixels: [(0, 970), (1000, 970)])])
        for frame in 0..<30 {
            let full = Box.standing(at: (500, 900 + 5 * Double(frame)), width: 60, height: 100)
            var object = TrackedObject(
                id: 1, classIndex: 0, score: 1, box: full, isPredicted: false)
            object.box = full.intersection(Box(x: 0, y: 0, width: 1000, height: 1000))
            _ = walk.scene.update(
                [object], at: Double(frame) / 30, frameWidth: 1000, frameHeight: 1000)
        }
        #expect(walk.scene.totals[0].out == 1)
    }

    @Test(arguments: [(true, Direction.in), (false, .out)])
    func oppositeTrafficAcrossASquareCountsOppositeDirections(isRight: Bool, expected: Direction) {
        // A line up the middle: from its left side to its right is `out`.
        var walk = Walk(lines: [Line(pixels: [(500, 800), (500, 200)])])
        let (start, step) = isRight ? (650.0, -5.0) : (350.0, 5.0)
        walk.walk((0...60).map { (x: start + step * Double($0), y: 500) })
        #expect(walk.directions == [expected])
    }

    @Test func linesAFewPixelsApartCountTheSameWalk() {
        var walk = Walk(lines: [level, Line(pixels: [(300, 496), (700, 496)])])
        walk.walk((0...40).map { (500, 600 - 5 * Double($0)) })
        #expect(walk.crossings.map(\.line) == [0, 1])
    }

    @Test func trackThatEndsBetweenTheBandsCountsWithTwoObservationsOnEitherSide() {
        var walk = Walk(lines: [level])
        walk.walk([508, 504, 497, 493].map { (500, $0) }, width: 200, height: 200)
        #expect(walk.crossings.map(\.isShort) == [true])
        #expect(walk.directions == [.in])
        var shorter = Walk(lines: [level])
        shorter.walk([508, 504, 497].map { (500, $0) }, width: 200, height: 200)
        #expect(shorter.kinds.isEmpty)
    }

    @Test func timeAndPlaceOfACrossingAreInterpolated() throws {
        var walk = Walk(lines: [level])
        for frame in 0..<12 {
            walk.show(
                .standing(at: (500, 550 - 10 * Double(frame) - 5), width: 40, height: 40),
                at: Double(frame) / 10)
        }
        let event = try #require(walk.events.first { $0.kind == .cross })
        let crossing = try #require(event.crossing)
        #expect(abs(crossing.y - 500) < 0.01 && abs(crossing.x - 500) < 0.01)
        #expect(abs(event.seconds - 0.45) < 0.001)
        #expect(abs(crossing.velocityY + 100) < 0.1)
        #expect(event.delay < 0.11)
    }

    @Test func classIsThatOfTheSettlingAndOthersOnlyChangeSides() {
        var line = level
        line.classes = [1]
        var walk = Walk(lines: [line])
        for frame in 0...40 {
            walk.show(
                .standing(at: (500, 600 - 5 * Double(frame)), width: 40, height: 40),
                at: Double(frame) / 30, classIndex: frame < 15 ? 0 : 1)
        }
        #expect(walk.directions == [.in])
    }
}

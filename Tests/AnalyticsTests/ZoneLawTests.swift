import Analytics
import Scene
import TestSupport
import Testing

struct ZoneLawTests {
    private let square = Zone(pixels: [(400, 400), (600, 400), (600, 600), (400, 600)])

    /// A walk along y = 500 at 100 pixels a second, in at x = 400 and out at x = 600.
    private func passage(_ zone: Zone, fps: Double) -> [ObjectEvent] {
        var walk = Walk(zones: [zone])
        for frame in 0...Int(5 * fps) {
            let seconds = Double(frame) / fps
            walk.show(
                .standing(at: (300.5 + 100 * seconds, 500), width: 40, height: 40), at: seconds)
        }
        return walk.events
    }

    @Test(arguments: [30.0, 10, 5])
    func theSameWalkGivesTheSameEventsWithinAFrame(fps: Double) throws {
        var zone = square
        zone.loiter = 1
        let events = passage(zone, fps: fps).filter { $0.visit != nil }
        #expect(events.map(\.kind) == [.enter, .loiter, .leave])
        let (enter, leave) = (try #require(events.first), try #require(events.last))
        #expect(abs(enter.seconds - 0.995) <= 1 / fps + 1e-6)
        #expect(abs(leave.seconds - 2.995) <= 1 / fps + 1e-6)
        #expect(abs(try #require(leave.visit).dwell - 2) <= 1 / fps + 1e-6)
        #expect(abs(enter.delay - 0.2) <= 1 / fps + 1e-6)
    }

    @Test func dwellIsPerVisit() {
        var zone = square
        zone.loiter = 3
        var walk = Walk(zones: [zone])
        for frame in 0..<(16 * 30) {
            let seconds = Double(frame) / 30
            let isIn = seconds.truncatingRemainder(dividingBy: 4) < 1
            walk.show(
                .standing(at: (isIn ? 500 : 380, 500), width: 200, height: 200), at: seconds)
        }
        let kinds = walk.kinds
        #expect(kinds.count { $0 == .enter } == 4)
        #expect(kinds.count { $0 == .leave } == 4)
        #expect(!kinds.contains(.loiter))
    }

    @Test func loiterIsReportedOnceAVisit() {
        var zone = square
        zone.loiter = 1
        zone.loitersStanding = [0]
        var walk = Walk(zones: [zone])
        for frame in 0..<300 {
            walk.show(
                .standing(at: (500, 500), width: 40, height: 40), at: Double(frame) / 30)
        }
        #expect(walk.kinds == [.enter, .loiter])
    }

    @Test(arguments: [true, false])
    func parkedCarLoitersOnlyWhenAskedFor(isAskedFor: Bool) {
        var zone = square
        zone.loiter = 10
        if isAskedFor { zone.loitersStanding = [0] }
        var walk = Walk(zones: [zone])
        for frame in 0..<600 {
            let seconds = Double(frame) / 10
            let x = min(300 + 50 * seconds, 500) + (frame % 2 == 0 ? 0.5 : 0)
            walk.show(.standing(at: (x, 500), width: 80, height: 60), at: seconds)
        }
        #expect(walk.kinds == (isAskedFor ? [.enter, .loiter] : [.enter]))
        #expect(walk.marked(1).isStanding)
    }

    @Test func carThatCreepsLoiters() {
        var zone = square
        zone.loiter = 10
        var walk = Walk(zones: [zone])
        for frame in 0..<200 {
            let seconds = Double(frame) / 10
            walk.show(
                .standing(at: (410 + 5 * seconds, 500), width: 80, height: 60), at: seconds)
        }
        #expect(walk.kinds == [.enter, .loiter])
        #expect(!walk.marked(1).isStanding)
    }

    @Test func jitterOnTheEdgeNeitherEntersNorLeaves() {
        var walk = Walk(zones: [square])
        for frame in 0..<100 {
            let x = 400 + (frame % 2 == 0 ? 1.0 : -1)
            walk.show(.standing(at: (x, 500), width: 40, height: 40), at: Double(frame) / 30)
        }
        #expect(walk.kinds.isEmpty)
        var inside = Walk(zones: [square])
        for frame in 0..<100 {
            let x = frame < 30 ? 500 : 400 + (frame % 2 == 0 ? 1.0 : -1)
            inside.show(.standing(at: (x, 500), width: 40, height: 40), at: Double(frame) / 30)
        }
        #expect(inside.kinds == [.enter])
    }

    @Test func hiddenObjectStaysUntilTheTrackerForgets() {
        var walk = Walk(zones: [square])
        let box = Box.standing(at: (500, 500), width: 40, height: 40)
        for frame in 0..<30 { walk.show(box, at: Double(frame) / 30) }
        for frame in 30..<60 { walk.show(box, at: Double(frame) / 30, isPredicted: true) }
        walk.show([], at: 2.5)
        #expect(walk.kinds == [.enter])
        #expect(walk.marked(1).zones == 1)
        walk.show([], at: 3.1)
        #expect(walk.kinds == [.enter, .leave])
        #expect(walk.events.compactMap(\.visit).last?.reason == .ended)
        #expect(abs((walk.events.compactMap(\.visit).last?.dwell ?? 0) - 29.0 / 30) < 1e-6)
        #expect(walk.marked(1).zones == 0)
    }

    @Test func gapLongerThanTheMemoryLeavesAllAndAShorterOneNone() {
        var walk = Walk(zones: [square])
        let box = Box.standing(at: (500, 500), width: 40, height: 40)
        for frame in 0..<30 { walk.show(box, at: Double(frame) / 30) }
        #expect(walk.scene.gap(seconds: 1).isEmpty)
        let lost = walk.scene.gap(seconds: 2)
        #expect(lost.map(\.kind) == [.leave, .end])
        #expect(lost.first?.visit?.reason == .lost)
        #expect(walk.scene.inside[0].isEmpty)
    }

    @Test func crowdIsReportedWhenItFormsAndAgainAfterItBroke() {
        var zone = square
        zone.crowd = 3
        (zone.enterAfter, zone.leaveAfter) = (0, 0)
        var walk = Walk(zones: [zone])
        for (frame, count) in [1, 2, 3, 4, 3, 2, 3].enumerated() {
            let boxes = (0..<4).map { index in
                (
                    id: index + 1,
                    box: Box.standing(
                        at: (index < count ? 500 : 700, 500), width: 40, height: 40)
                )
            }
            walk.show(boxes, at: Double(frame) / 30)
        }
        let crowds = walk.events.filter { $0.kind == .crowd }
        #expect(crowds.map { $0.visit?.inside } == [3, 3])
        #expect(crowds.map(\.object.id) == [3, 3])
    }

    @Test func changeOfClassMovesTheCountWithoutASecondVisit() {
        var walk = Walk(zones: [square])
        let box = Box.standing(at: (500, 500), width: 40, height: 40)
        for frame in 0..<60 {
            walk.show(box, at: Double(frame) / 30, classIndex: frame < 30 ? 0 : 1)
        }
        #expect(walk.kinds == [.enter, .change])
        #expect(walk.scene.inside[0] == [1: 1])
    }

    @Test func objectCutByTheFramesEdgeIsInAZoneThatReachesTheEdge() {
        let zone = Zone(pixels: [(0, 800), (1000, 800), (1000, 1000), (0, 1000)])
        var walk = Walk(zones: [zone])
        for frame in 0..<10 {
            walk.show(
                .standing(at: (500, 1000 + Double(frame)), width: 60, height: 80),
                at: Double(frame) / 10)
        }
        #expect(walk.kinds == [.enter])
    }

    @Test func zonesScaleWithTheFrameAndItsObjectsEnd() {
        var scene = SceneEvents(isChosen: [true], memory: 2, zones: [square])
        func frame(_ side: Int, _ seconds: Double) -> [ObjectEvent] {
            let box = Box.standing(
                at: (Double(side) / 2, Double(side) / 2), width: 40, height: 40)
            return scene.update(
                [TrackedObject(id: side, classIndex: 0, score: 1, box: box, isPredicted: false)],
                at: seconds, frameWidth: side, frameHeight: side)
        }
        var kinds: [ObjectEvent.Kind] = []
        for step in 0..<6 { kinds += frame(step < 3 ? 500 : 800, Double(step) / 10).map(\.kind) }
        #expect(kinds == [.begin, .enter, .leave, .end, .begin, .enter])
    }

    @Test func ofAdjacentZonesExactlyOneHoldsAPoint() throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2000 {
            let corner = { (range: ClosedRange<Int>) in
                Double(Int.random(in: range, using: &generator))
            }
            let (a, b) = ((corner(0...20), corner(0...3)), (corner(0...20), corner(17...20)))
            func polygon(_ points: [(Double, Double)]) throws -> Polygon {
                try #require(Polygon(points.compactMap { GridPoint(x: $0.0, y: $0.1) }))
            }
            let left = try polygon([(-10, -10), a, b, (-10, 30)])
            let right = try polygon([b, a, (30, -10), (30, 30)])
            for x in 0...20 {
                let share = Double(Int.random(in: 0...8, using: &generator)) / 8
                let onEdge = (a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1))
                for place in [(Double(x), 10.0), onEdge, a, b] {
                    let point = try #require(GridPoint(x: place.0, y: place.1))
                    let isShared = point.pixelY >= a.1 && point.pixelY <= b.1
                    guard isShared || place == a || place == b else { continue }
                    let count = [left, right].count { $0.contains(point) }
                    #expect(count <= 1)
                    if place.1 > a.1 && place.1 < b.1 { #expect(count == 1) }
                }
            }
        }
    }
}

import Scene
import TestSupport
import Testing

@testable import Analytics

struct ObjectLifeTests {
    private func object(_ id: Int, class index: Int = 0, predicted: Bool = false) -> TrackedObject {
        TrackedObject(
            id: id, classIndex: index, score: 0.8, box: Box(x: 1, y: 2, width: 3, height: 4),
            isPredicted: predicted)
    }

    private func events() -> SceneEvents { SceneEvents(isChosen: [true, false], memory: 2) }

    private func words(_ events: [ObjectEvent]) -> [String] {
        events.map { "\($0.kind.rawValue) \($0.object.id)" }
    }

    @Test func objectBeginsOnceAndEndsWhenItIsForgotten() {
        var events = events()
        #expect(words(events.update([object(1)], at: 0)) == ["begin 1"])
        #expect(words(events.update([object(1)], at: 1)) == [])
        #expect(words(events.update([object(1, predicted: true)], at: 2)) == [])
        #expect(words(events.update([], at: 3)) == [])
        let end = events.update([], at: 3.1)
        #expect(words(end) == ["end 1"])
        #expect(end.first?.seconds == 1)
        #expect(words(events.finish()) == [])
    }

    @Test func otherClassesAreIgnoredUntilTheyBecomeAChosenOne() {
        var events = events()
        #expect(words(events.update([object(1, class: 1)], at: 0)) == [])
        #expect(words(events.update([object(1)], at: 1)) == ["begin 1"])
        #expect(words(events.update([object(1, class: 1)], at: 2)) == ["change 1"])
        #expect(words(events.finish()) == ["end 1"])
    }

    @Test func longOutageEndsAllObjectsAndAShortOneNone() {
        var events = events()
        _ = events.update([object(1)], at: 1000)
        #expect(words(events.gap(seconds: 1)) == [])
        #expect(words(events.update([object(1)], at: 3)) == [])
        #expect(words(events.gap(seconds: 2.5)) == ["end 1"])
    }

    /// Property: every `begin` has exactly one `end`, and `change` comes between them.
    @Test func everyBeginHasExactlyOneEnd() {
        var random = SeededGenerator(seed: 4)
        var events = events()
        var open: Set<Int> = []
        var time = 0.0
        func take(_ new: [ObjectEvent]) {
            for event in new {
                switch event.kind {
                case .begin: #expect(open.insert(event.object.id).inserted)
                case .end: #expect(open.remove(event.object.id) != nil)
                default: #expect(open.contains(event.object.id))
                }
                #expect(event.seconds >= 0)
            }
        }
        var next = 1
        for _ in 0..<3000 {
            time += Double.random(in: -0.5...1.5, using: &random)
            if Int.random(in: 0..<5, using: &random) == 0 { next += 1 }
            let seen = (max(1, next - 4)...next).filter { _ in Bool.random(using: &random) }
            take(
                events.update(
                    seen.map { object($0, class: Int.random(in: 0...1, using: &random)) }, at: time)
            )
            if Int.random(in: 0..<50, using: &random) == 0 {
                take(events.gap(seconds: Double.random(in: 0...5, using: &random)))
                time = 0
            }
        }
        take(events.finish())
        #expect(open.isEmpty)
    }

    @Test func memoryIsBoundedByTheObjectsAtOnce() {
        let zone = Zone(pixels: [(200, 200), (800, 200), (800, 800), (200, 800)])
        var walk = Walk(zones: [zone], lines: [Line(pixels: [(0, 500), (1000, 500)])])
        for frame in 0..<2000 {
            let boxes = (0..<20).map { index in
                (
                    id: frame * 20 + index + 1,
                    box: Box.standing(at: (50 * Double(index), 600), width: 40, height: 40)
                )
            }
            walk.show(boxes, at: Double(frame) / 10)
        }
        // Twenty new objects a frame, each remembered for two seconds.
        #expect(walk.scene.seen.count <= 22 * 20 && walk.scene.slotOfID.count <= 22 * 20)
        #expect(walk.scene.lineTracks.count == walk.scene.seen.count)
        var crowd = Walk()
        crowd.show(
            (0..<3000).map { (id: $0 + 1, box: Box(x: 0, y: 0, width: 9, height: 9)) }, at: 0)
        #expect(crowd.scene.slotOfID.count == 1024)
        crowd.finish()
        #expect(crowd.events.count { $0.kind == .end } == 3000)
    }

    /// Property: enters and leaves of a zone alternate for each object, and the counts are those of the visits.
    @Test func visitsAlternateAndCountsNeverDrift() {
        var random = SeededGenerator(seed: 5)
        let zone = Zone(pixels: [(200, 200), (800, 200), (800, 800), (200, 800)])
        var walk = Walk(zones: [zone])
        for frame in 0..<3000 {
            let boxes = (1...6).filter { _ in Int.random(in: 0..<8, using: &random) > 0 }.map {
                id in
                let phase = Double(frame * id) / 300
                let x = 500 + 490 * (phase.truncatingRemainder(dividingBy: 2) - 1)
                return (id: id, box: Box.standing(at: (x, 500), width: 60, height: 60))
            }
            walk.show(boxes, at: Double(frame) / 15)
        }
        walk.finish()
        var inside: Set<Int> = []
        for event in walk.events {
            guard let visit = event.visit else { continue }
            switch event.kind {
            case .enter: #expect(inside.insert(event.object.id).inserted)
            case .leave: #expect(inside.remove(event.object.id) != nil)
            default: break
            }
            #expect(visit.inside == inside.count)
        }
        #expect(walk.events.count { $0.kind == .enter } > 20)
        #expect(inside.isEmpty && walk.scene.inside[0].isEmpty)
    }
}

extension SceneEvents {
    fileprivate mutating func update(_ objects: [TrackedObject], at seconds: Double)
        -> [ObjectEvent]
    {
        update(objects, at: seconds, frameWidth: 100, frameHeight: 100)
    }
}

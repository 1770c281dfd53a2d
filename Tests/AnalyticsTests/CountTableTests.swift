import Scene
import TestSupport
import Testing

@testable import Analytics

struct CountTableTests {
    private let line = Line(pixels: [(300, 500), (700, 500)])
    private let zone = Zone(pixels: [(400, 400), (600, 400), (600, 600), (400, 600)])

    private func crossing(_ direction: Direction) -> ObjectEvent {
        let object = TrackedObject(
            id: 1, classIndex: 0, score: 1, box: Box(x: 0, y: 0, width: 9, height: 9),
            isPredicted: false)
        var event = ObjectEvent(kind: .cross, object: object, seconds: 0)
        event.place = .line(
            ObjectEvent.Crossing(
                line: 0, direction: direction, x: 0, y: 0, velocityX: 0, velocityY: 0,
                isShort: false, total: LineTotal()))
        return event
    }

    @Test func intervalsWithoutCrossingsAreFilledWithZeros() {
        var table = CountTable(zones: [], lines: [line], classes: [0, 1], every: 10)
        table.note([], at: 0)
        table.add(crossing(.in), classIndex: 0, at: 3)
        table.add(crossing(.in), classIndex: 1, at: 34)
        let rows = table.finish(at: 45)
        #expect(rows.count == 5 * 2 * 2)
        #expect(rows.map(\.count).reduce(0, +) == 2)
        #expect(rows.filter { $0.count > 0 }.map(\.start) == [0, 30])
        #expect(rows.last.map { [$0.start, $0.end] } == [40, 45])
        #expect(rows.allSatisfy { $0.mostInside == nil })
    }

    @Test func intervalsAreAlignedToTheClock() {
        var table = CountTable(zones: [], lines: [line], classes: [0], every: 900, offset: 850)
        table.note([], at: 0)
        table.add(crossing(.out), classIndex: 0, at: 60)
        let rows = table.finish(at: 1000).filter { $0.subject == .line(0, .out) }
        #expect(rows.map(\.start) == [0, 50, 950])
        #expect(rows.map(\.end) == [50, 950, 1000])
        #expect(rows.map(\.count) == [0, 1, 0])
    }

    @Test func lateCrossingGoesToTheOldestOpenInterval() {
        var table = CountTable(zones: [], lines: [line], classes: [0], every: 10)
        table.note([], at: 0)
        #expect(table.close(before: 25).count == 4)
        table.add(crossing(.in), classIndex: 0, at: 5)
        #expect(table.finish(at: 30).map(\.count) == [1, 0])
    }

    @Test func timestampYearsAheadEndsWithoutMillionsOfRows() {
        var table = CountTable(zones: [], lines: [line], classes: [0], every: 1)
        table.note([], at: 0)
        table.add(crossing(.in), classIndex: 0, at: 1e14)
        table.add(crossing(.in), classIndex: 0, at: 5e14)
        let rows = table.finish(at: 9e14)
        #expect(rows.map(\.count).reduce(0, +) == 2)
        #expect(rows.count < 100)
    }

    @Test func zonesHaveDwellAndTheMostAtOnce() throws {
        var walk = Walk(zones: [zone])
        var table = CountTable(zones: [zone], lines: [], classes: [0], every: 60)
        for frame in 0...60 {
            let seconds = Double(frame) / 10
            let x = 350 + 50 * seconds
            walk.show(
                [
                    (id: 1, box: .standing(at: (x, 500), width: 40, height: 40)),
                    (id: 2, box: .standing(at: (x - 50, 500), width: 40, height: 40)),
                ], at: seconds)
            table.note(walk.scene.inside, at: seconds)
        }
        walk.finish()
        for event in walk.events { table.add(event, classIndex: 0, at: event.seconds) }
        let row = try #require(table.finish(at: 6).first)
        #expect(row.count == 2 && row.mostInside == 2)
        #expect(abs((row.meanDwell ?? 0) - 4) <= 0.11)
        #expect((row.longestDwell ?? 0) >= (row.meanDwell ?? 0))
    }

    @Test func heldCrossingHasTheFinalClassOfItsTrack() throws {
        var walk = Walk(lines: [line])
        var held = HeldEvents()
        for frame in 0...60 {
            let count = walk.events.count
            walk.show(
                .standing(at: (500, 600 - 5 * Double(frame)), width: 40, height: 40),
                at: Double(frame) / 30, classIndex: frame < 40 ? 0 : 1)
            for event in walk.events[count...] where event.kind == .cross {
                held.add(event, time: Double(frame) / 30, frame: frame)
            }
            #expect(held.release(walk.scene).isEmpty)
        }
        #expect(held.earliest != nil)
        walk.finish()
        let released = held.release(walk.scene)
        #expect(released.map(\.classIndex) == [1])
        #expect(released.map(\.event.object.classIndex) == [0])
    }

    @Test(arguments: [30.0, 5])
    func heatIsTimeWhateverTheFrameRate(fps: Double) {
        var map = HeatMap(columns: 10, rows: 10)
        for frame in 0...Int(20 * fps) {
            let time = Double(frame) / fps
            let box = Box.standing(
                at: (time < 10 ? 250 : 750, 550), width: 40, height: 40)
            map.add(
                [TrackedObject(id: 1, classIndex: 0, score: 1, box: box, isPredicted: false)],
                at: time, frameWidth: 1000, frameHeight: 1000)
        }
        #expect(abs(map.seconds[52] - 10) <= 1 / fps + 1e-9)
        #expect(abs(map.seconds[57] - 10) <= 1 / fps + 1e-9)
        #expect(abs(map.seconds.reduce(0, +) - 20) < 1e-9)
        #expect(map.levels.max() == 1)
    }
}

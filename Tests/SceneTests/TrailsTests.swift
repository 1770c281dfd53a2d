import Scene
import Testing

struct TrailsTests {
    private func object(_ id: Int, _ x: Double) -> TrackedObject {
        TrackedObject(
            id: id, classIndex: 0, score: 1, box: .around(x, 50, 20, 10), isPredicted: false)
    }

    @Test func followsAnObjectFromOldToNew() {
        var trails = Trails(duration: 1, pointLimit: 32)
        for frame in 0..<10 {
            trails.record([object(3, Double(frame) * 5)], at: Double(frame) * 0.1)
        }
        #expect(trails[3].map(\.x) == (0..<10).map { Float($0) * 5 })
        #expect(trails[4].isEmpty)
    }

    @Test(arguments: [5.0, 30, 240])
    func spansItsDurationAndNoMore(rate: Double) throws {
        var trails = Trails(duration: 1, pointLimit: 16)
        for frame in 0..<Int(4 * rate) {
            let time = Double(frame) / rate
            trails.record([object(1, time)], at: time)
            let trail = trails[1]
            #expect(trail.count <= 16)
            let newest = try #require(trail.last)
            let oldest = try #require(trail.first)
            #expect(newest.seconds == time && time - oldest.seconds <= 1)
            if time > 1.5 { #expect(time - oldest.seconds > 0.7) }
            #expect(zip(trail, trail.dropFirst()).allSatisfy { $0.seconds < $1.seconds })
        }
    }

    @Test func expiresWhenTheObjectIsGone() {
        var trails = Trails(duration: 1)
        trails.record([object(1, 0)], at: 0)
        trails.record([], at: 0.9)
        #expect(trails[1].count == 1)
        trails.record([], at: 1.1)
        #expect(trails[1].isEmpty)
    }

    @Test func timestampBeforeTheNewestPointClearsAllTrails() {
        var trails = Trails(duration: 5)
        trails.record([object(1, 0)], at: 1)
        trails.record([object(2, 0)], at: 3)
        trails.record([object(2, 0)], at: 2)
        #expect(trails[1].isEmpty && trails[2].count == 1)
    }

    @Test func newTrailReplacesTheObjectUnseenForLongest() {
        var trails = Trails(duration: 5, objectLimit: 2)
        trails.record([object(1, 0), object(2, 0)], at: 0)
        trails.record([object(2, 0)], at: 1)
        trails.record([object(3, 0)], at: 2)
        #expect(trails[1].isEmpty && trails[2].count == 2 && trails[3].count == 1)
    }

    @Test func jumpBackOfTheClockClearsAllTrails() {
        var trails = Trails(duration: 5)
        trails.record([object(1, 0)], at: 100)
        trails.record([object(1, 7)], at: 3)
        #expect(trails[1].map(\.x) == [7])
    }

    @Test func nonFiniteTimesAndBoxesAreIgnored() {
        var trails = Trails()
        trails.record([object(1, .nan)], at: 0)
        trails.record([object(1, 0)], at: .nan)
        #expect(trails[1].isEmpty)
    }
}

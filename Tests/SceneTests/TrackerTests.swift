import Testing

@testable import Scene

struct TrackerTests {
    private static let rates = [30.0, 25, 10, 5]

    /// Runs a road through a tracker and hands each frame's objects to `look`.
    private func drive(
        _ road: Road, seconds: Double, rate: Double, seed: UInt64 = 1,
        options: TrackerOptions = TrackerOptions(), look: (Double, [TrackedObject]) -> Void
    ) {
        var tracker = Tracker(options: options)
        var random = Seeded(seed)
        for frame in 0..<Int(seconds * rate) {
            let time = Double(frame) / rate
            tracker.update(
                road.detections(at: time, using: &random), at: time, pictureWidth: road.width,
                pictureHeight: road.height)
            look(time, tracker.objects)
        }
    }

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

    @Test(arguments: rates)
    func crossingObjectsKeepTheirIdentities(rate: Double) {
        let road = Road(
            actors: [
                .init { .around(100 + 200 * $0, 340, 90, 80) },
                .init { .around(1100 - 200 * $0, 370, 110, 100) },
            ], noise: 0.02)
        var right: Set<Int> = []
        var left: Set<Int> = []
        drive(road, seconds: 5, rate: rate, seed: 3) { time, objects in
            guard time < 1.8 || time > 3.2 else { return }
            for object in objects {
                let forward = Box.around(100 + 200 * time, 340, 90, 80)
                if object.box.overlap(forward) > 0.3 { right.insert(object.id) }
                if object.box.overlap(.around(1100 - 200 * time, 370, 110, 100)) > 0.3 {
                    left.insert(object.id)
                }
            }
        }
        #expect(right.count == 1 && left.count == 1 && right != left)
    }

    @Test(arguments: rates)
    func anObjectHiddenForASecondComesBackWithItsIdentity(rate: Double) {
        let road = Road(
            actors: [
                .init {
                    (2.0..<3.0).contains($0) ? nil : .around(200 + 130 * $0, 300, 120, 90)
                }
            ], noise: 0.02)
        var before: Set<Int> = []
        var after: Set<Int> = []
        drive(road, seconds: 5, rate: rate) { time, objects in
            if time < 2 { before.formUnion(objects.map(\.id)) }
            if time > 3.3 { after.formUnion(objects.map(\.id)) }
        }
        #expect(before == [1] && after == [1])
    }
}

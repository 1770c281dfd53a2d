import Testing

@testable import road_scene

struct GroundTruthTests {
    private let shapes = Shapes()

    private func truth(_ drivers: [Driver]) -> [TruthBox] {
        var traffic = Scenario.begin(seed: 3, daylight: .day)
        traffic.drivers = [traffic.drivers[0]] + drivers
        traffic.parked = []
        traffic.pedestrians = []
        let snapshot = Snapshot(traffic, shapes: shapes, scenery: [], width: 640, height: 360)
        var renderer = Renderer(width: 320, height: 180, samples: 2, daylight: .day)
        return renderer.draw(snapshot).truth
    }

    private func car(x: Float, z: Float, _ kind: VehicleKind = .hatchback) -> Driver {
        Driver(
            kind: kind, appearance: Appearance(), direction: 1, x: x, z: z, speed: 10,
            desiredSpeed: 10)
    }

    @Test func unoccludedCarIsFullyVisibleAtItsProjectedPosition() throws {
        let lane = Road.lanes[1]
        let box = try #require(truth([car(x: lane, z: 20)]).first)
        #expect(box.visibility == 1)
        #expect(box.objectClass == .car)
        // The rear, 17.4 m before a camera of focal length 276 pixels, is 1.78 m wide and 1.5 m high.
        #expect(abs(box.left + box.width / 2 - 160) < 2)
        #expect(abs(box.width - 29) < 4)
        #expect(abs(box.height - 24.5) < 4)
    }

    @Test func carBehindAnotherIsPartlyVisible() throws {
        let lane = Road.lanes[1]
        let boxes = truth([car(x: lane, z: 14), car(x: lane + 1.2, z: 22)])
        try #require(boxes.count == 2)
        #expect(boxes[0].visibility == 1)
        #expect(boxes[1].visibility > 0.2 && boxes[1].visibility < 0.75)
        #expect(boxes[1].left > boxes[0].left)
    }

    @Test func carBehindALorryIsNotListed() {
        let lane = Road.lanes[1]
        let boxes = truth([car(x: lane, z: 16, .lorry), car(x: lane, z: 40)])
        #expect(boxes.map(\.objectClass) == [.truck])
    }

    @Test func carAtTheImageEdgeIsPartlyVisible() throws {
        let box = try #require(truth([car(x: Road.lanes[0], z: 5.5)]).first)
        #expect(box.left == 0)
        #expect(box.visibility > 0.1 && box.visibility < 0.9)
    }

    @Test func linesFollowTheMOTFormat() {
        let box = TruthBox(
            id: 7, objectClass: .bus, left: 1.5, top: 0.004, width: 20.25, height: 3.999,
            visibility: 0.0625)
        #expect(box.line(frame: 3) == "3,7,1.50,0.00,20.25,4.00,1,5,0.063\n")
    }
}

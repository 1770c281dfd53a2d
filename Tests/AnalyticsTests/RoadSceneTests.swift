import Analytics
import Scene
import TestSupport
import Testing

/// Ten minutes of made-up traffic in perspective, with known crossings.
struct RoadSceneTests {
    private struct Vehicle {
        var id: Int
        var start: Double
        /// Side of the road: 1 away from the camera, −1 towards it.
        var direction: Double
        var speed: Double
        var lane: Double
        var width: Double
        var height: Double
    }

    private static let (frameWidth, frameHeight) = (1280, 720)
    private static let (near, far) = (6.0, 90.0)

    private static func traffic(seconds: Double, seed: UInt64) -> [Vehicle] {
        var random = SeededGenerator(seed: seed)
        var vehicles: [Vehicle] = []
        for (direction, lane) in [(1.0, 1.75), (1.0, 5.25), (-1.0, -1.75), (-1.0, -5.25)] {
            var start = 0.0
            while true {
                start += Double.random(in: 1.5...6, using: &random)
                guard start < seconds else { break }
                let isTall = Int.random(in: 0..<5, using: &random) == 0
                vehicles.append(
                    Vehicle(
                        id: vehicles.count + 1, start: start, direction: direction,
                        speed: Double.random(in: 8...22, using: &random), lane: lane,
                        width: isTall ? 2.5 : 1.8, height: isTall ? 3.4 : 1.5))
            }
        }
        return vehicles
    }

    /// Box of a vehicle as a camera five metres above the road sees it; nil beyond the ends of the road.
    private static func box(
        _ vehicle: Vehicle, at time: Double, jitter: Double, _ random: inout SeededGenerator
    ) -> Box? {
        let way = vehicle.speed * (time - vehicle.start)
        let distance = vehicle.direction > 0 ? near + way : far - way
        guard time >= vehicle.start, (near...far).contains(distance) else { return nil }
        let scale = 900 / distance
        func shaken(_ value: Double, by size: Double) -> Float {
            Float(value + jitter * size * Double.random(in: -1...1, using: &random))
        }
        let bottom = 250 + 5 * scale
        let (width, height) = (vehicle.width * scale, vehicle.height * scale)
        return Box(
            left: shaken(640 + vehicle.lane * scale - width / 2, by: width),
            top: shaken(bottom - height, by: height),
            right: shaken(640 + vehicle.lane * scale + width / 2, by: width),
            bottom: shaken(bottom, by: height))
    }

    /// Crossings of a level line at a distance, by the vehicles' motion alone.
    private static func known(_ traffic: [Vehicle], until end: Double) -> LineTotal {
        var total = LineTotal()
        // Vehicles still on the line at the end are neither counted nor missed: none may be there.
        for vehicle in traffic where vehicle.start + (far - near) / vehicle.speed < end {
            if vehicle.direction > 0 { total.in += 1 } else { total.out += 1 }
        }
        return total
    }

    @Test(arguments: [(30.0, 0.0, 0), (30, 0.03, 4), (10, 0.02, 6), (5, 0, 0)])
    func tenMinutesOfTrafficAreCountedExactly(fps: Double, jitter: Double, hides: Int) {
        let seconds = 600.0
        let traffic = Self.traffic(seconds: seconds - 15, seed: 3)
        var random = SeededGenerator(seed: 9)
        let lines = [500.0, 420, 380].enumerated().map { index, y in
            Line(
                name: "line-\(index)",
                points: [FramePoint(x: 0, y: y / 720), FramePoint(x: 1, y: y / 720)])
        }
        var scene = SceneEvents(isChosen: [true], memory: 2, lines: lines)
        for frame in 0..<Int(seconds * fps) {
            let time = Double(frame) / fps
            let objects = traffic.compactMap { vehicle -> TrackedObject? in
                guard let box = Self.box(vehicle, at: time, jitter: jitter, &random) else {
                    return nil
                }
                // Some frames show the object only as a prediction, which is no evidence.
                let isHidden = hides > 0 && Int.random(in: 0..<hides, using: &random) == 0
                var object = TrackedObject(
                    id: vehicle.id, classIndex: 0, score: 1,
                    box: box.intersection(Box(x: 0, y: 0, width: 1280, height: 720)),
                    isPredicted: isHidden)
                object.fullBox = box
                return object
            }
            _ = scene.update(
                objects, at: time, frameWidth: Self.frameWidth, frameHeight: Self.frameHeight)
        }
        _ = scene.finish()
        let expected = Self.known(traffic, until: seconds)
        #expect(expected.in > 200 && expected.out > 200)
        for total in scene.totals {
            #expect(total.in == expected.in && total.out == expected.out && total.jumps == 0)
        }
    }
}

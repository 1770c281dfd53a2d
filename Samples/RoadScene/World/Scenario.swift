/// Initial state of the traffic in a clip.
///
/// The camera's car drives in the slow lane, others overtake, and all stop at a crossing that people use.
enum Scenario {
    private static let paints: [Vector] = [
        Vector(0.62, 0.62, 0.62), Vector(0.02, 0.02, 0.025), Vector(0.18, 0.19, 0.2),
        Vector(0.33, 0.34, 0.36),
        Vector(0.3, 0.02, 0.02), Vector(0.03, 0.07, 0.24), Vector(0.07, 0.08, 0.09),
        Vector(0.55, 0.56, 0.58),
        Vector(0.1, 0.14, 0.17), Vector(0.4, 0.36, 0.28),
    ]

    /// Creates the initial traffic.
    static func begin(seed: UInt64, daylight: Daylight) -> Traffic {
        var random = Random(seed: seed)
        let dusk = daylight == .dusk
        let road = Road(crossing: dusk ? 80 : 62)
        return Traffic(
            road: road, drivers: drivers(dusk: dusk, &random), parked: parked(road, &random),
            pedestrians: pedestrians(road, dusk: dusk, &random), yieldTime: dusk ? 3 : 4.6)
    }

    private static func driver(
        _ kind: VehicleKind, _ direction: Float, x: Float, z: Float, speed: Float, dusk: Bool,
        _ random: inout Random
    ) -> Driver {
        Driver(
            kind: kind, appearance: appearance(dusk: dusk, &random), direction: direction, x: x,
            z: z + random.number(-1, 1), speed: speed, desiredSpeed: speed + 0.4)
    }

    private static func appearance(dusk: Bool, _ random: inout Random) -> Appearance {
        var appearance = Appearance()
        appearance.paint = paints[Int.random(in: 0..<paints.count, using: &random)]
        appearance.second = Vector(repeating: random.number(0.4, 0.68))
        appearance.lampsLit = dusk
        appearance.salt = UInt32(truncatingIfNeeded: random.next())
        return appearance
    }

    private static func drivers(dusk: Bool, _ random: inout Random) -> [Driver] {
        let (fast, slow) = (Road.lanes[0], Road.lanes[1])
        let plan: [(VehicleKind, Float, Float, Float, Float)] = [
            (.saloon, 1, slow, 0, 12), (.hatchback, 1, slow, 15, 12.2),
            (.offRoader, 1, fast, 9, 17),
            (.saloon, 1, fast, -14, 15.5), (.van, 1, slow, 46, 10.5), (.lorry, 1, fast, 62, 12),
            (.saloon, 1, fast, 40, 16), (.bus, 1, slow, 96, 9),
            (.saloon, -1, -fast, 42, 12), (.van, -1, -slow, 66, 11),
            (.hatchback, -1, -fast, 88, 12),
            (.bus, -1, -slow, 106, 10), (.offRoader, -1, -fast, 122, 12),
            (.lorry, -1, -slow, 138, 11),
            (.saloon, -1, -fast, 150, 12), (.hatchback, -1, -slow, 26, 12),
        ]
        var drivers = plan.map { kind, direction, x, z, speed in
            driver(kind, direction, x: x, z: z, speed: speed, dusk: dusk, &random)
        }
        drivers[0].z = 0
        // The driver in the fast lane overtakes two cars and returns to the slow lane.
        drivers[2].change = (2.4, slow)
        return drivers
    }

    private static func parked(_ road: Road, _ random: inout Random) -> [Driver] {
        var result: [Driver] = []
        for side in [Float(-1), 1] {
            var z: Float = -14 + random.number(0, 4)
            while z < 190 {
                let kinds: [VehicleKind] = [
                    .saloon, .hatchback, .offRoader, .hatchback, .saloon, .van,
                ]
                let kind = kinds[Int.random(in: 0..<kinds.count, using: &random)]
                let isFree = abs(z - road.crossing - 1.6) > 9 && random.number(0, 1) < 0.62
                if isFree {
                    var car = driver(
                        kind, side, x: side * Road.parking, z: z, speed: 0, dusk: false, &random)
                    car.x += random.number(-0.1, 0.1)
                    result.append(car)
                }
                z += random.number(6.6, 9.5)
            }
        }
        return result
    }

    private static func pedestrians(_ road: Road, dusk: Bool, _ random: inout Random)
        -> [Pedestrian]
    {
        let begin: Float = dusk ? 2.2 : 4
        let middle = road.crossing + 1.6
        var pedestrians = [
            pedestrian(SIMD2(9.6, middle - 0.5), SIMD2(-1.45, 0), begin, &random),
            pedestrian(SIMD2(10.6, middle + 0.5), SIMD2(-1.35, 0), begin, &random),
            pedestrian(SIMD2(-8.8, middle + 0.1), SIMD2(1.4, 0), begin, &random),
            pedestrian(SIMD2(-10.4, middle + 0.9), SIMD2(1.5, 0), begin + 0.3, &random),
            pedestrian(SIMD2(12, middle - 0.2), SIMD2(-1.5, 0), begin + 0.5, &random),
        ]
        for index in 0..<8 {
            let side: Float = index % 2 == 0 ? 1 : -1
            let direction: Float = random.number(0, 1) < 0.5 ? 1 : -1
            pedestrians.append(
                pedestrian(
                    SIMD2(
                        side * random.number(10.3, 11.6),
                        10 + 13 * Float(index) + random.number(-3, 3)),
                    SIMD2(0, direction * random.number(1.1, 1.5)), 0, &random))
        }
        return pedestrians
    }

    private static func pedestrian(
        _ start: SIMD2<Float>, _ velocity: SIMD2<Float>, _ time: Float, _ random: inout Random
    ) -> Pedestrian {
        let skins = [Vector(0.5, 0.32, 0.24), Vector(0.3, 0.18, 0.12), Vector(0.12, 0.07, 0.05)]
        var appearance = Appearance()
        appearance.paint = Vector(
            random.number(0.02, 0.5), random.number(0.02, 0.35), random.number(0.03, 0.4))
        appearance.second = Vector(0.03, 0.04, 0.08) * random.number(0.5, 3)
        appearance.skin = skins[Int.random(in: 0..<skins.count, using: &random)]
        return Pedestrian(
            start: start, velocity: velocity, time: time, appearance: appearance,
            height: random.number(0.92, 1.06),
            hasLongHair: random.number(0, 1) < 0.5, hasCoat: random.number(0, 1) < 0.4)
    }
}

/// Bodies, camera and road at one moment.
struct Snapshot {
    var bodies: [Body]
    var camera: Camera
    var road: Road

    /// Creates a snapshot of the traffic, seen from its first car.
    init(_ traffic: Traffic, shapes: Shapes, scenery: [Body], width: Int, height: Int) {
        road = traffic.road
        let own = traffic.drivers[0]
        let shake = 0.0016 * (own.rolled * 1.7).sine * min(1, own.speed / 6)
        camera = Camera(
            position: Vector(own.x, 1.32, own.z + 0.6), pitch: 0.045 + shake, width: width,
            height: height, fieldOfView: 1.06)
        bodies = scenery
        let moving = traffic.drivers.dropFirst().enumerated().map { index, driver in
            shapes.body(driver, id: index + 1)
        }
        let standing = traffic.parked.enumerated().map { index, driver in
            shapes.body(driver, id: 100 + index + 1)
        }
        let walking = traffic.pedestrians.enumerated().map { index, pedestrian in
            Self.body(pedestrian, id: 200 + index + 1, time: traffic.time)
        }
        bodies += moving + standing + walking
    }

    private static func body(_ pedestrian: Pedestrian, id: Int, time: Float) -> Body {
        let walked = max(0, time - pedestrian.time)
        let position = pedestrian.start + pedestrian.velocity * walked
        let speed = (pedestrian.velocity * pedestrian.velocity).sum().squareRoot()
        let phase = walked > 0 ? walked * speed * 4.4 + Float(id) : 0
        var mesh = Person.mesh(
            phase: phase, hasLongHair: pedestrian.hasLongHair, hasCoat: pedestrian.hasCoat)
        for index in mesh.facets.indices {
            for corner in 0..<3 { mesh.facets[index].corners[corner] *= pedestrian.height }
        }
        let heading: Float =
            pedestrian.velocity.x == 0
            ? (pedestrian.velocity.y > 0 ? 0 : .pi)
            : (pedestrian.velocity.x > 0 ? .pi / 2 : -.pi / 2)
        return Body(
            id: id, objectClass: .person, mesh: mesh, position: Vector(position.x, 0, position.y),
            heading: heading,
            appearance: pedestrian.appearance, size: Vector(0.4, 1.75, 0.3))
    }
}

/// Cached meshes of all vehicle types.
struct Shapes {
    private let meshes: [VehicleKind: Mesh]

    init() {
        meshes = Dictionary(uniqueKeysWithValues: VehicleKind.allCases.map { ($0, $0.makeBody()) })
    }

    /// Body of a vehicle with rotated wheels.
    func body(_ driver: Driver, id: Int) -> Body {
        var mesh = meshes[driver.kind] ?? Mesh()
        let wheels = driver.kind.wheels
        let half = driver.kind.size.x / 2
        for axle in wheels.axles {
            for side in [Float(-1), 1] {
                mesh.wheel(
                    at: Vector(side * (half - wheels.width / 2 + 0.02), wheels.radius, axle),
                    radius: wheels.radius, width: wheels.width, side: side,
                    angle: -driver.rolled / wheels.radius)
            }
        }
        var appearance = driver.appearance
        appearance.isBraking = driver.isBraking
        let turn = driver.direction > 0 ? 0 : Float.pi
        let slip = driver.drift / max(4, driver.speed) * driver.direction
        return Body(
            id: id, objectClass: driver.kind.objectClass, mesh: mesh,
            position: Vector(driver.x, 0, driver.z),
            heading: turn + slip, appearance: appearance, size: driver.kind.size)
    }
}

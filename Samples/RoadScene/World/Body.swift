/// Classes of the ground truth, numbered from 1 in the order of the shipped model's classes.
enum ObjectClass: Int, CaseIterable {
    case person = 1
    case bicycle, car, motorcycle, bus, truck
}

/// Colours and lamp states of a body.
struct Appearance {
    /// Main colour: vehicle, shirt or wall.
    var paint = Vector(0.5, 0.5, 0.5)
    /// Second colour: trousers, cargo box or roof.
    var second = Vector(0.2, 0.2, 0.2)
    var skin = Vector(0.45, 0.28, 0.2)
    var hair = Vector(0.04, 0.03, 0.02)
    var lampsLit = false
    var isBraking = false
    /// Seed of the textures.
    var salt: UInt32 = 0
}

/// Object in the scene at one moment.
struct Body {
    /// Identity in the ground truth; nil for scenery.
    var id: Int?
    var objectClass: ObjectClass?
    var mesh: Mesh
    var position: Vector
    /// Heading relative to the road, in radians, clockwise from above.
    var heading: Float = 0
    var appearance = Appearance()
    /// Width, height and length in metres, for the shadow.
    var size: Vector

    /// Transforms a point of the body to world coordinates.
    func world(_ point: Vector) -> Vector { position + turned(point) }

    /// Rotates a direction of the body to world coordinates.
    func turned(_ point: Vector) -> Vector {
        let (sine, cosine) = (heading.sine, heading.cosine)
        return Vector(
            point.x * cosine + point.z * sine, point.y, point.z * cosine - point.x * sine)
    }
}

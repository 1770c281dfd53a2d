/// The classes of the ground truth, numbered from 1 in the order of the shipped model's list.
enum ObjectClass: Int, CaseIterable {
    case person = 1
    case bicycle, car, motorcycle, bus, truck
}

/// The colours and lamps in which bodies of one shape differ.
struct Look {
    /// The vehicle's main colour, the shirt, or the wall.
    var paint = Vector(0.5, 0.5, 0.5)
    /// Trousers, the box of a lorry, or the roof.
    var second = Vector(0.2, 0.2, 0.2)
    var skin = Vector(0.45, 0.28, 0.2)
    var hair = Vector(0.04, 0.03, 0.02)
    var lampsLit = false
    var isBraking = false
    /// What makes textures of equal bodies differ.
    var salt: UInt32 = 0
}

/// Something that stands or moves in the scene at one moment.
struct Body {
    /// Identity in the ground truth; nil for what is not counted.
    var id: Int?
    var objectClass: ObjectClass?
    var mesh: Mesh
    var place: Vector
    /// Radians from the direction of the road, clockwise from above.
    var heading: Float = 0
    var look = Look()
    /// Width, height and length, for the shadow.
    var size: Vector

    /// A point of the body's own coordinates in the world.
    func world(_ point: Vector) -> Vector { place + turned(point) }

    /// A direction of the body's own coordinates in the world.
    func turned(_ point: Vector) -> Vector {
        let (sine, cosine) = (heading.sine, heading.cosine)
        return Vector(
            point.x * cosine + point.z * sine, point.y, point.z * cosine - point.x * sine)
    }
}

/// Types of vehicle in the scene.
enum VehicleKind: CaseIterable {
    case saloon, hatchback, offRoader, van, lorry, bus

    /// Class in the ground truth.
    var objectClass: ObjectClass {
        switch self {
        case .saloon, .hatchback, .offRoader, .van: .car
        case .lorry: .truck
        case .bus: .bus
        }
    }

    /// Width, height and length in metres.
    var size: Vector {
        switch self {
        case .saloon: Vector(1.82, 1.46, 4.7)
        case .hatchback: Vector(1.78, 1.5, 4.1)
        case .offRoader: Vector(1.9, 1.72, 4.6)
        case .van: Vector(1.98, 1.98, 4.95)
        case .lorry: Vector(2.45, 3.4, 8.4)
        case .bus: Vector(2.5, 3.05, 11)
        }
    }

    /// Builds the body in its own coordinates, without wheels.
    func makeBody() -> Mesh {
        switch self {
        case .saloon: CarBody.saloon.mesh
        case .hatchback: CarBody.hatchback.mesh
        case .offRoader: CarBody.offRoader.mesh
        case .van: CarBody.van.mesh
        case .lorry: HeavyBody.lorry()
        case .bus: HeavyBody.bus()
        }
    }

    /// Positions of the axles, and radius and width of the wheels, in metres.
    var wheels: (axles: [Float], radius: Float, width: Float) {
        switch self {
        case .saloon: ([-1.35, 1.42], 0.33, 0.22)
        case .hatchback: ([-1.2, 1.32], 0.32, 0.21)
        case .offRoader: ([-1.3, 1.38], 0.37, 0.25)
        case .van: ([-1.45, 1.6], 0.35, 0.23)
        case .lorry: ([-2.4, 2.9], 0.48, 0.3)
        case .bus: ([-2.6, 3.1], 0.48, 0.3)
        }
    }
}

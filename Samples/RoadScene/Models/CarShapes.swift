extension CarBody {
    /// Four-door car with a boot.
    static let saloon = CarBody(
        stations: [
            Station(z: -2.35, sill: 0.3, belt: 0.86, top: 0.93, half: 0.8, topHalf: 0.72),
            Station(z: -2.2, belt: 0.92, top: 1.01, half: 0.88, topHalf: 0.78),
            Station(z: -1.75, belt: 0.94, top: 1.04, half: 0.91, topHalf: 0.79, cover: .glass),
            Station(z: -1.0, belt: 0.95, top: 1.4, half: 0.91, topHalf: 0.6, side: .glass),
            Station(z: -0.15, belt: 0.94, top: 1.46, half: 0.91, topHalf: 0.62),
            Station(z: -0.07, belt: 0.94, top: 1.46, half: 0.91, topHalf: 0.62, side: .glass),
            Station(
                z: 0.35, belt: 0.93, top: 1.43, half: 0.91, topHalf: 0.61, side: .glass,
                cover: .glass),
            Station(z: 1.2, belt: 0.92, top: 1.0, half: 0.9, topHalf: 0.74),
            Station(z: 1.9, belt: 0.82, top: 0.9, half: 0.88, topHalf: 0.7),
            Station(z: 2.22, belt: 0.72, top: 0.79, half: 0.84, topHalf: 0.66),
            Station(z: 2.35, sill: 0.3, belt: 0.62, top: 0.68, half: 0.76, topHalf: 0.6),
        ],
        half: 0.91, rearZ: -2.33, frontZ: 2.3, tailLampHeight: 0.72...0.9, tailLampInner: 0.5,
        plateHeight: 0.76, headLampHeight: 0.68, axles: [-1.35, 1.42], wheelRadius: 0.33,
        mirrorPlace: Vector(1.0, 0.99, 0.72))

    /// Compact car with a steep tailgate.
    static let hatchback = CarBody(
        stations: [
            Station(z: -2.05, sill: 0.3, belt: 0.88, top: 0.95, half: 0.8, topHalf: 0.76),
            Station(z: -1.98, belt: 0.94, top: 1.0, half: 0.87, topHalf: 0.77, cover: .glass),
            Station(z: -1.68, belt: 0.96, top: 1.4, half: 0.89, topHalf: 0.62),
            Station(z: -1.5, belt: 0.96, top: 1.45, half: 0.89, topHalf: 0.63, side: .glass),
            Station(z: -0.3, belt: 0.95, top: 1.5, half: 0.89, topHalf: 0.64),
            Station(z: -0.22, belt: 0.95, top: 1.5, half: 0.89, topHalf: 0.64, side: .glass),
            Station(
                z: 0.3, belt: 0.95, top: 1.47, half: 0.89, topHalf: 0.63, side: .glass,
                cover: .glass),
            Station(z: 1.15, belt: 0.93, top: 1.01, half: 0.88, topHalf: 0.74),
            Station(z: 1.7, belt: 0.85, top: 0.93, half: 0.86, topHalf: 0.7),
            Station(z: 1.95, belt: 0.74, top: 0.81, half: 0.82, topHalf: 0.64),
            Station(z: 2.05, sill: 0.3, belt: 0.62, top: 0.68, half: 0.74, topHalf: 0.58),
        ],
        half: 0.89, rearZ: -2.04, frontZ: 2.0, tailLampHeight: 0.74...0.98, tailLampInner: 0.6,
        plateHeight: 0.78, headLampHeight: 0.7, axles: [-1.2, 1.32], wheelRadius: 0.32,
        mirrorPlace: Vector(0.98, 1.0, 0.7))

    /// Tall off-road car.
    static let offRoader = CarBody(
        stations: [
            Station(z: -2.3, sill: 0.34, belt: 1.02, top: 1.08, half: 0.84, topHalf: 0.8),
            Station(
                z: -2.22, sill: 0.3, belt: 1.06, top: 1.13, half: 0.93, topHalf: 0.82, cover: .glass
            ),
            Station(z: -1.98, sill: 0.3, belt: 1.08, top: 1.6, half: 0.95, topHalf: 0.68),
            Station(
                z: -1.8, sill: 0.3, belt: 1.08, top: 1.66, half: 0.95, topHalf: 0.69, side: .glass),
            Station(z: -0.25, sill: 0.3, belt: 1.07, top: 1.72, half: 0.95, topHalf: 0.7),
            Station(
                z: -0.16, sill: 0.3, belt: 1.07, top: 1.72, half: 0.95, topHalf: 0.7, side: .glass),
            Station(
                z: 0.4, sill: 0.3, belt: 1.06, top: 1.68, half: 0.95, topHalf: 0.69, side: .glass,
                cover: .glass),
            Station(z: 1.15, sill: 0.3, belt: 1.05, top: 1.14, half: 0.94, topHalf: 0.8),
            Station(z: 1.95, sill: 0.3, belt: 0.98, top: 1.06, half: 0.92, topHalf: 0.77),
            Station(z: 2.2, sill: 0.32, belt: 0.85, top: 0.92, half: 0.88, topHalf: 0.7),
            Station(z: 2.3, sill: 0.36, belt: 0.7, top: 0.76, half: 0.8, topHalf: 0.64),
        ],
        half: 0.95, rearZ: -2.29, frontZ: 2.26, tailLampHeight: 0.82...1.12, tailLampInner: 0.66,
        plateHeight: 0.84, headLampHeight: 0.8, axles: [-1.3, 1.38], wheelRadius: 0.37,
        mirrorPlace: Vector(1.04, 1.14, 0.78))

    /// Van for goods or passengers.
    static let van = CarBody(
        stations: [
            Station(z: -2.47, sill: 0.36, belt: 1.0, top: 1.08, half: 0.93, topHalf: 0.88),
            Station(
                z: -2.43, sill: 0.32, belt: 1.05, top: 1.16, half: 0.98, topHalf: 0.87,
                cover: .glass),
            Station(z: -2.3, sill: 0.32, belt: 1.1, top: 1.82, half: 0.99, topHalf: 0.8),
            Station(
                z: -2.1, sill: 0.32, belt: 1.1, top: 1.95, half: 0.99, topHalf: 0.8, side: .paint),
            Station(
                z: 0.3, sill: 0.32, belt: 1.1, top: 1.98, half: 0.99, topHalf: 0.8, side: .glass),
            Station(
                z: 1.0, sill: 0.32, belt: 1.08, top: 1.9, half: 0.99, topHalf: 0.78, side: .glass,
                cover: .glass),
            Station(z: 1.85, sill: 0.32, belt: 1.03, top: 1.16, half: 0.97, topHalf: 0.82),
            Station(z: 2.3, sill: 0.32, belt: 0.88, top: 0.98, half: 0.93, topHalf: 0.76),
            Station(z: 2.47, sill: 0.36, belt: 0.7, top: 0.78, half: 0.84, topHalf: 0.68),
        ],
        half: 0.99, rearZ: -2.46, frontZ: 2.4, tailLampHeight: 0.74...1.14, tailLampInner: 0.8,
        plateHeight: 0.7, headLampHeight: 0.8, axles: [-1.45, 1.6], wheelRadius: 0.35,
        mirrorPlace: Vector(1.1, 1.2, 1.3))
}

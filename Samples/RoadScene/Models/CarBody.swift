/// Dimensions of a passenger car, in metres.
struct CarBody {
    var stations: [Station]
    /// Half the width; heights of lamps and bumpers follow.
    var half: Float
    var rearZ: Float
    var frontZ: Float
    var tailLampHeight: ClosedRange<Float>
    var tailLampInner: Float
    var plateHeight: Float
    var headLampHeight: Float
    var axles: [Float]
    var wheelRadius: Float
    var mirrorPlace: Vector

    /// Body mesh with lamps, plates, bumpers, arches and mirrors.
    var mesh: Mesh {
        var shell = Mesh()
        shell.loft(stations)
        var result = shell.smoothed()
        var fittings = Mesh()
        addRear(to: &fittings)
        addFront(to: &fittings)
        addSides(to: &fittings)
        result.add(fittings.smoothed(), at: .zero)
        for side in [Float(-1), 1] {
            let height = (tailLampHeight.lowerBound + tailLampHeight.upperBound) / 2
            result.lamps.append(
                .init(
                    position: Vector(side * half * 0.8, height, rearZ - 0.05), material: .tailLamp))
            result.lamps.append(
                .init(
                    position: Vector(side * half * 0.74, headLampHeight, frontZ + 0.05),
                    material: .headLamp))
        }
        return result
    }

    private func addRear(to mesh: inout Mesh) {
        let lampTall = tailLampHeight.upperBound - tailLampHeight.lowerBound
        let lampMiddle = (tailLampHeight.lowerBound + tailLampHeight.upperBound) / 2
        for side in [Float(-1), 1] {
            let width = half * 0.96 - tailLampInner
            mesh.block(
                at: Vector(side * (tailLampInner + width / 2), lampMiddle, rearZ + 0.06),
                size: Vector(width, lampTall, 0.2), .tailLamp, bevel: 0.03)
            mesh.block(
                at: Vector(
                    side * (tailLampInner + width / 2), lampMiddle - lampTall * 0.2, rearZ - 0.045),
                size: Vector(width * 0.6, lampTall * 0.2, 0.012), .indicator)
            mesh.block(
                at: Vector(side * half * 0.6, 0.27, rearZ - 0.03), size: Vector(0.14, 0.06, 0.1),
                .chrome, bevel: 0.02)
            // Reflectors in the bumper.
            mesh.block(
                at: Vector(side * half * 0.74, 0.42, rearZ - 0.1), size: Vector(0.2, 0.05, 0.02),
                .tailLamp)
        }
        mesh.block(
            at: Vector(0, 0.5, rearZ + 0.02), size: Vector(half * 1.92, 0.24, 0.24), .paint,
            bevel: 0.06)
        mesh.block(
            at: Vector(0, 0.33, rearZ + 0.03), size: Vector(half * 1.84, 0.18, 0.2), .darkPlastic,
            bevel: 0.04)
        mesh.block(
            at: Vector(0, plateHeight, rearZ - 0.02), size: Vector(0.6, 0.16, 0.02), .seam)
        mesh.block(
            at: Vector(0, plateHeight, rearZ - 0.035), size: Vector(0.52, 0.115, 0.012), .plate)
        mesh.block(
            at: Vector(0, plateHeight + 0.14, rearZ - 0.02), size: Vector(0.6, 0.035, 0.03), .chrome
        )
        mesh.block(
            at: Vector(0, 0.645, rearZ - 0.005), size: Vector(half * 1.7, 0.014, 0.02), .seam)
    }

    private func addFront(to mesh: inout Mesh) {
        for side in [Float(-1), 1] {
            mesh.block(
                at: Vector(side * half * 0.74, headLampHeight, frontZ - 0.08),
                size: Vector(half * 0.42, 0.15, 0.22), .headLamp, bevel: 0.04)
            mesh.block(
                at: Vector(side * half * 0.7, 0.36, frontZ + 0.07), size: Vector(0.24, 0.1, 0.02),
                .darkPlastic)
        }
        mesh.block(
            at: Vector(0, 0.47, frontZ - 0.04), size: Vector(half * 1.92, 0.22, 0.24), .paint,
            bevel: 0.06)
        mesh.block(
            at: Vector(0, 0.31, frontZ - 0.04), size: Vector(half * 1.84, 0.17, 0.22), .darkPlastic,
            bevel: 0.04)
        mesh.block(
            at: Vector(0, headLampHeight - 0.02, frontZ + 0.005),
            size: Vector(half * 0.92, 0.17, 0.05),
            .darkPlastic)
        for bar in 0..<3 {
            mesh.block(
                at: Vector(0, headLampHeight + 0.04 - 0.06 * Float(bar), frontZ + 0.035),
                size: Vector(half * 0.9, 0.018, 0.01), .chrome)
        }
        mesh.block(at: Vector(0, 0.46, frontZ + 0.09), size: Vector(0.52, 0.115, 0.012), .plate)
    }

    private func addSides(to mesh: inout Mesh) {
        for side in [Float(-1), 1] {
            for axle in axles {
                mesh.arch(
                    at: Vector(side * (half + 0.004), wheelRadius, axle), radius: wheelRadius * 1.16
                )
            }
            mesh.block(
                at: Vector(side * mirrorPlace.x, mirrorPlace.y, mirrorPlace.z),
                size: Vector(0.2, 0.15, 0.1),
                .paint, bevel: 0.04)
            for seam in [axles[0] + 0.55, (axles[0] + axles[1]) / 2 + 0.12, axles[1] - 0.42] {
                mesh.block(
                    at: Vector(side * half * 0.995, 0.6, seam), size: Vector(0.02, 0.6, 0.014),
                    .seam)
            }
            mesh.block(
                at: Vector(side * half * 0.98, 0.29, (axles[0] + axles[1]) / 2),
                size: Vector(0.05, 0.12, axles[1] - axles[0] - 0.8), .darkPlastic)
        }
        // Underside of the car.
        mesh.block(
            at: Vector(0, 0.24, (rearZ + frontZ) / 2),
            size: Vector(half * 1.7, 0.14, frontZ - rearZ - 0.3),
            .tyre)
    }
}

extension Mesh {
    /// Adds the dark opening of a wheel arch.
    mutating func arch(at middle: Vector, radius: Float) {
        let points = (0...12).map { step in
            let turn = Float.pi * Float(step) / 12
            return middle + Vector(0, radius * turn.sine, radius * turn.cosine)
        }
        polygon([middle - Vector(0, 0.08, 0)] + points, .tyre)
    }
}

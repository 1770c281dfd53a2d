/// Bodies of lorries and buses with their characteristic details.
enum HeavyBody {
    /// Lorry with a closed cargo box.
    static func lorry() -> Mesh {
        var mesh = Mesh()
        mesh.block(at: Vector(0, 2.1, -1.2), size: Vector(2.45, 2.55, 6), .cargo, bevel: 0.04)
        cab(to: &mesh)
        mesh.block(at: Vector(0, 0.68, -0.3), size: Vector(1.9, 0.3, 7.4), .tyre)
        rear(to: &mesh, z: -4.2, half: 1.22)
        // Rear doors of the box: two leaves with bars and hinges.
        mesh.block(at: Vector(0, 2.1, -4.21), size: Vector(0.03, 2.45, 0.02), .seam)
        for side in [Float(-1), 1] {
            mesh.block(at: Vector(side * 0.35, 2.1, -4.23), size: Vector(0.04, 2.4, 0.04), .chrome)
            mesh.block(
                at: Vector(side * 1.19, 2.1, -4.215), size: Vector(0.07, 2.55, 0.03), .darkPlastic)
            mesh.block(at: Vector(side * 0.9, 0.55, -2.4), size: Vector(0.5, 0.1, 1.1), .tyre)
        }
        mesh.block(at: Vector(0, 3.33, -4.215), size: Vector(2.45, 0.09, 0.03), .darkPlastic)
        mesh.block(at: Vector(0, 0.86, -4.215), size: Vector(2.45, 0.1, 0.03), .darkPlastic)
        return finished(mesh, rearZ: -4.25, frontZ: 4.2, half: 1.22, lampHeight: 0.75)
    }

    private static func cab(to mesh: inout Mesh) {
        var cab = Mesh()
        cab.loft([
            Station(z: 1.95, sill: 0.55, belt: 1.65, top: 2.75, half: 1.2, topHalf: 1.1),
            Station(
                z: 2.7, sill: 0.55, belt: 1.65, top: 2.8, half: 1.22, topHalf: 1.1, side: .glass),
            Station(
                z: 3.75, sill: 0.5, belt: 1.6, top: 2.7, half: 1.22, topHalf: 1.08, side: .glass,
                cover: .glass),
            Station(z: 4.1, sill: 0.45, belt: 1.5, top: 1.62, half: 1.2, topHalf: 1.1),
            Station(z: 4.2, sill: 0.45, belt: 1.35, top: 1.42, half: 1.16, topHalf: 1.06),
        ])
        mesh.add(cab.smoothed(), at: .zero)
    }

    /// City bus.
    static func bus() -> Mesh {
        var shell = Mesh()
        var stations = [
            Station(z: -5.5, sill: 0.42, belt: 1.35, top: 2.85, half: 1.18, topHalf: 1.12),
            Station(z: -5.4, sill: 0.36, belt: 1.35, top: 2.98, half: 1.24, topHalf: 1.18),
        ]
        // Windows with narrow pillars between them.
        for window in 0..<6 {
            let z = -5.1 + 1.6 * Float(window)
            stations.append(
                Station(
                    z: z, sill: 0.34, belt: 1.3, top: 3.05, half: 1.25, topHalf: 1.2, side: .glass))
            stations.append(
                Station(
                    z: z + 1.48, sill: 0.34, belt: 1.3, top: 3.05, half: 1.25, topHalf: 1.2,
                    side: .seam))
        }
        stations += [
            Station(
                z: 4.6, sill: 0.34, belt: 1.3, top: 3.05, half: 1.25, topHalf: 1.2, side: .glass),
            Station(z: 5.38, sill: 0.36, belt: 1.25, top: 3.0, half: 1.24, topHalf: 1.17),
            Station(z: 5.5, sill: 0.4, belt: 1.2, top: 2.9, half: 1.2, topHalf: 1.12),
        ]
        shell.loft(stations)
        var mesh = Mesh()
        mesh.add(shell.smoothed(), at: .zero)
        rear(to: &mesh, z: -5.5, half: 1.22)
        mesh.block(at: Vector(0, 2.2, -5.52), size: Vector(1.9, 0.95, 0.03), .glass)
        mesh.block(at: Vector(0, 1.2, -5.515), size: Vector(1.7, 0.6, 0.02), .darkPlastic)
        mesh.block(at: Vector(0, 1.9, 5.52), size: Vector(2.2, 1.35, 0.03), .glass)
        mesh.block(at: Vector(0, 2.76, 5.47), size: Vector(1.7, 0.24, 0.08), .indicator)
        return finished(mesh, rearZ: -5.55, frontZ: 5.5, half: 1.24, lampHeight: 0.8)
    }

    private static func rear(to mesh: inout Mesh, z: Float, half: Float) {
        mesh.block(
            at: Vector(0, 0.58, z + 0.03), size: Vector(half * 1.95, 0.2, 0.14), .darkPlastic)
        mesh.block(at: Vector(0, 0.6, z - 0.05), size: Vector(0.52, 0.115, 0.012), .plate)
        for side in [Float(-1), 1] {
            mesh.block(
                at: Vector(side * half * 0.8, 0.77, z - 0.03), size: Vector(0.36, 0.15, 0.06),
                .tailLamp)
            mesh.block(
                at: Vector(side * half * 0.62, 0.77, z - 0.04), size: Vector(0.08, 0.12, 0.06),
                .indicator)
        }
    }

    private static func finished(
        _ mesh: Mesh, rearZ: Float, frontZ: Float, half: Float, lampHeight: Float
    ) -> Mesh {
        var result = mesh
        for side in [Float(-1), 1] {
            result.block(
                at: Vector(side * half * 0.78, lampHeight, frontZ - 0.02),
                size: Vector(0.4, 0.2, 0.1), .headLamp,
                bevel: 0.03)
            result.block(
                at: Vector(side * (half + 0.16), 2.1, frontZ - 0.3), size: Vector(0.16, 0.5, 0.1),
                .darkPlastic)
            result.lamps.append(
                .init(position: Vector(side * half * 0.8, 0.77, rearZ - 0.05), material: .tailLamp))
            result.lamps.append(
                .init(
                    position: Vector(side * half * 0.78, lampHeight, frontZ + 0.1),
                    material: .headLamp
                ))
        }
        result.block(
            at: Vector(0, 0.5, frontZ - 0.02), size: Vector(half * 1.95, 0.26, 0.12), .darkPlastic,
            bevel: 0.03)
        result.block(
            at: Vector(0, 1.02, frontZ + 0.0), size: Vector(half * 1.3, 0.26, 0.06), .darkPlastic)
        result.block(at: Vector(0, 0.5, frontZ + 0.05), size: Vector(0.52, 0.115, 0.012), .plate)
        return result
    }
}

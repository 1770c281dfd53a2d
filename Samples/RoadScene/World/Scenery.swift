/// Scenery beside the street: houses, trees, lamp posts and guard rails.
enum Scenery {
    /// Creates the scenery of a section of the street; the same for the same seed.
    static func make(from start: Float, to end: Float, road: Road, seed: UInt64) -> [Body] {
        var random = Random(seed: seed ^ 0x5CE7_E5)
        var bodies: [Body] = []
        for side in [Float(-1), 1] {
            bodies += houses(from: start, to: end, side: side, &random)
            bodies += trees(from: start, to: end, side: side, road: road, &random)
            bodies += posts(from: start, to: end, side: side)
        }
        bodies += railing(road)
        return bodies
    }

    private static func houses(
        from start: Float, to end: Float, side: Float, _ random: inout Random
    ) -> [Body] {
        let walls = [
            Vector(0.42, 0.36, 0.28), Vector(0.36, 0.2, 0.14), Vector(0.5, 0.48, 0.44),
            Vector(0.3, 0.3, 0.32), Vector(0.45, 0.4, 0.24),
        ]
        var bodies: [Body] = []
        var z = start
        while z < end {
            let length = random.number(10, 22)
            let height = (random.number(2, 5.4).rounded(.down)) * 3 + 1.2
            let depth = random.number(8, 12)
            let setback = random.number(14.5, 19)
            var mesh = Mesh()
            mesh.block(at: Vector(0, height / 2, 0), size: Vector(depth, height, length), .wall)
            mesh.block(
                at: Vector(0, height + 0.2, 0), size: Vector(depth + 0.6, 0.5, length + 0.4), .roof)
            var appearance = Appearance()
            appearance.paint = walls[Int.random(in: 0..<walls.count, using: &random)]
            appearance.second = appearance.paint * 0.4
            appearance.salt = UInt32(truncatingIfNeeded: random.next())
            bodies.append(
                Body(
                    mesh: mesh, position: Vector(side * (setback + depth / 2), 0, z + length / 2),
                    appearance: appearance, size: Vector(depth, height, length)))
            z += length + (random.number(0, 1) > 0.6 ? random.number(4, 14) : 0.4)
        }
        return bodies
    }

    private static func trees(
        from start: Float, to end: Float, side: Float, road: Road, _ random: inout Random
    ) -> [Body] {
        var bodies: [Body] = []
        var z = start + random.number(0, 8)
        while z < end {
            var appearance = Appearance()
            appearance.paint = Vector(random.number(0.045, 0.09), random.number(0.09, 0.13), 0.03)
            appearance.salt = UInt32(truncatingIfNeeded: random.next())
            let height = random.number(4.5, 7.5)
            if abs(z - road.crossing) > 5 {
                bodies.append(
                    Body(
                        mesh: tree(height: height, &random),
                        position: Vector(side * random.number(12.8, 14), 0, z),
                        appearance: appearance,
                        size: Vector(3, height, 3)))
            }
            z += random.number(8, 22)
        }
        return bodies
    }

    private static func tree(height: Float, _ random: inout Random) -> Mesh {
        var mesh = Mesh()
        mesh.limb(from: .zero, to: Vector(0, height * 0.6, 0), 0.2, 0.1, .bark)
        for _ in 0..<7 {
            let middle = Vector(
                random.number(-1.1, 1.1), height * random.number(0.55, 1), random.number(-1.1, 1.1))
            let radius = random.number(0.7, 1.3)
            mesh.limb(
                from: middle - Vector(0, radius * 0.3, 0), to: middle + Vector(0, radius * 0.3, 0),
                radius,
                radius * 0.85, .foliage, steps: 9)
        }
        return mesh.smoothed(crease: 0.2)
    }

    private static func posts(from start: Float, to end: Float, side: Float) -> [Body] {
        var mesh = Mesh()
        mesh.limb(from: .zero, to: Vector(0, 7.5, 0), 0.09, 0.06, .metal)
        mesh.limb(from: Vector(0, 7.4, 0), to: Vector(-1.9, 7.75, 0), 0.05, 0.05, .metal)
        mesh.block(at: Vector(-2, 7.72, 0), size: Vector(0.7, 0.12, 0.26), .streetLamp)
        mesh.lamps = [.init(position: Vector(-2, 7.6, 0), material: .streetLamp)]
        let post = mesh.smoothed(crease: 0.3)
        return stride(from: start + (side > 0 ? 6 : 22), to: end, by: 32).map { z in
            Body(
                mesh: post, position: Vector(side * 9.8, 0, z), heading: side > 0 ? 0 : .pi,
                size: Vector(0.2, 7.5, 0.2))
        }
    }

    /// Guard rails beside the crossing.
    private static func railing(_ road: Road) -> [Body] {
        var mesh = Mesh()
        for height in [Float(0.5), 0.95] {
            mesh.block(at: Vector(0, height, 0), size: Vector(0.06, 0.09, 12), .metal)
        }
        for post in 0...6 {
            mesh.block(
                at: Vector(0, 0.5, -6 + 2 * Float(post)), size: Vector(0.07, 1, 0.07), .metal)
        }
        return [Float(-9.7), 9.7].map { x in
            Body(
                mesh: mesh, position: Vector(x, 0, road.crossing + Road.crossingLength + 8),
                size: Vector(0.1, 1, 12))
        }
    }
}

import Foundation

extension Mesh {
    /// Adds a block with bevelled edges; `size` is its full extent.
    mutating func block(
        at middle: Vector, size: Vector, _ material: Material, bevel: Float = 0
    ) {
        let half = size / 2
        let edge = min(bevel, half.min() * 0.9)
        // Each corner has three points, one for each adjacent face.
        for axis in 0..<3 {
            for side in [Float(-1), 1] {
                polygon(
                    Self.face(axis, side, half, edge).map { $0 + middle }, material)
            }
        }
        guard edge > 0 else { return }
        var rounded = Mesh()
        for axis in 0..<3 {
            for signs in [SIMD2<Float>(-1, -1), .init(-1, 1), .init(1, 1), .init(1, -1)] {
                rounded.polygon(Self.edge(axis, signs, half, edge).map { $0 + middle }, material)
            }
        }
        facets += rounded.facets
    }

    private static func face(_ axis: Int, _ side: Float, _ half: Vector, _ edge: Float) -> [Vector]
    {
        let (first, second) = ((axis + 1) % 3, (axis + 2) % 3)
        return [SIMD2<Float>(-1, -1), .init(1, -1), .init(1, 1), .init(-1, 1)].map { sign in
            var point = Vector.zero
            point[axis] = side * half[axis]
            point[first] = sign.x * (half[first] - edge)
            point[second] = sign.y * (half[second] - edge)
            return point
        }
    }

    private static func edge(
        _ axis: Int, _ signs: SIMD2<Float>, _ half: Vector, _ edge: Float
    ) -> [Vector] {
        let (first, second) = ((axis + 1) % 3, (axis + 2) % 3)
        func point(_ along: Float, _ insetFirst: Float, _ insetSecond: Float) -> Vector {
            var point = Vector.zero
            point[axis] = along * (half[axis] - edge)
            point[first] = signs.x * (half[first] - insetFirst)
            point[second] = signs.y * (half[second] - insetSecond)
            return point
        }
        return [point(-1, 0, edge), point(1, 0, edge), point(1, edge, 0), point(-1, edge, 0)]
    }

    /// Adds a wheel with its axis along x: a tyre and, on its outer side (the sign of `side`), a rim.
    mutating func wheel(
        at middle: Vector, radius: Float, width: Float, side: Float, angle: Float = 0
    ) {
        let steps = 16
        func point(_ step: Int, _ radius: Float, _ x: Float) -> Vector {
            let turn = 2 * Float.pi * Float(step) / Float(steps) + angle
            return middle + Vector(x, radius * sin(turn), radius * cos(turn))
        }
        let (outer, inner) = (side * width / 2, -side * width / 2)
        for step in 0..<steps {
            let next = step + 1
            polygon(
                [
                    point(step, radius, inner), point(next, radius, inner),
                    point(next, radius, outer), point(step, radius, outer),
                ], .tyre)
            polygon(
                [
                    point(step, radius, outer), point(next, radius, outer),
                    point(next, radius * 0.66, outer), point(step, radius * 0.66, outer),
                ], .tyre)
            // Every third sector is a gap between spokes.
            polygon(
                [
                    point(step, radius * 0.66, outer), point(next, radius * 0.66, outer),
                    middle + Vector(outer, 0, 0),
                ], step % 3 == 0 ? .darkPlastic : .rim)
        }
    }

    /// Adds a tapered tube between two points with round ends.
    mutating func limb(
        from start: Vector, to end: Vector, _ startRadius: Float, _ endRadius: Float,
        _ material: Material, steps: Int = 8
    ) {
        let axis = normalized(end - start)
        let helper = abs(axis.y) < 0.9 ? Vector(0, 1, 0) : Vector(1, 0, 0)
        let right = normalized(cross(axis, helper))
        let up = cross(right, axis)
        // Two rings for each round end, each with a fraction of the radius.
        let rings: [(center: Vector, radius: Float)] = [
            (start - axis * startRadius, 0.01),
            (start - axis * startRadius * 0.7, startRadius * 0.7),
            (start, startRadius), (end, endRadius),
            (end + axis * endRadius * 0.7, endRadius * 0.7), (end + axis * endRadius, 0.01),
        ]
        func point(_ ring: Int, _ step: Int) -> Vector {
            let turn = 2 * Float.pi * Float(step % steps) / Float(steps)
            return rings[ring].center
                + (right * cos(turn) + up * sin(turn)) * rings[ring].radius
        }
        for ring in 0..<rings.count - 1 {
            for step in 0..<steps {
                polygon(
                    [
                        point(ring, step), point(ring, step + 1), point(ring + 1, step + 1),
                        point(ring + 1, step),
                    ], material)
            }
        }
    }
}

/// Triangle with a normal at each corner.
struct Facet {
    var corners: InlineArray<3, Vector>
    var normals: InlineArray<3, Vector>
    var material: Material
}

/// Triangle mesh in its own coordinates: z to the front, y up from the ground.
struct Mesh {
    var facets: [Facet] = []
    /// Lamps that can glow.
    var lamps: [Lamp] = []

    /// Lamp position and material.
    struct Lamp {
        var position: Vector
        var material: Material
    }

    /// Adds a flat convex polygon; its corners are in order around it.
    mutating func polygon(_ corners: [Vector], _ material: Material) {
        let normal = normalized(cross(corners[1] - corners[0], corners[2] - corners[0]))
        for index in 1..<max(1, corners.count - 1) {
            facets.append(
                Facet(
                    corners: [corners[0], corners[index], corners[index + 1]],
                    normals: [normal, normal, normal], material: material))
        }
    }

    /// Adds another mesh at a position.
    mutating func add(_ other: Mesh, at position: Vector) {
        for var facet in other.facets {
            for corner in 0..<3 { facet.corners[corner] += position }
            facets.append(facet)
        }
        for lamp in other.lamps {
            lamps.append(Lamp(position: lamp.position + position, material: lamp.material))
        }
    }

    /// Mesh with smooth normals where faces meet at less than about 50 degrees.
    func smoothed(crease: Float = 0.64) -> Mesh {
        var meeting: [SIMD3<Int32>: [Vector]] = [:]
        for facet in facets {
            let flat = facet.flatNormal
            for corner in 0..<3 { meeting[facet.key(corner), default: []].append(flat) }
        }
        var result = self
        for index in facets.indices {
            let own = normalized(facets[index].flatNormal)
            for corner in 0..<3 {
                var sum = Vector.zero
                for flat in meeting[facets[index].key(corner)] ?? [] {
                    let other = normalized(flat)
                    let along = dot(own, other)
                    if abs(along) > crease { sum += along < 0 ? -flat : flat }
                }
                result.facets[index].normals[corner] = normalized(sum)
            }
        }
        return result
    }
}

extension Facet {
    /// Normal of the face, with a length of twice its area.
    fileprivate var flatNormal: Vector { cross(corners[1] - corners[0], corners[2] - corners[0]) }

    /// Position of a corner rounded to millimetres.
    fileprivate func key(_ corner: Int) -> SIMD3<Int32> {
        SIMD3<Int32>((corners[corner] * 1000).rounded(.toNearestOrEven))
    }
}

/// A triangle with a normal at each corner.
struct Facet {
    var corners: InlineArray<3, Vector>
    var normals: InlineArray<3, Vector>
    var material: Material
}

/// A body made of triangles in its own coordinates: z to its front, y up from the ground.
struct Mesh {
    var facets: [Facet] = []
    /// Places of lamps that shine, for their glow.
    var lamps: [Lamp] = []

    /// A lamp that can glow.
    struct Lamp {
        var place: Vector
        var material: Material
    }

    /// Adds a flat polygon; its corners go round it, and lie in a plane.
    mutating func polygon(_ corners: [Vector], _ material: Material) {
        let normal = normalized(cross(corners[1] - corners[0], corners[2] - corners[0]))
        for index in 1..<max(1, corners.count - 1) {
            facets.append(
                Facet(
                    corners: [corners[0], corners[index], corners[index + 1]],
                    normals: [normal, normal, normal], material: material))
        }
    }

    /// Adds another mesh, moved and turned about the vertical axis.
    mutating func add(_ other: Mesh, at place: Vector) {
        for var facet in other.facets {
            for corner in 0..<3 { facet.corners[corner] += place }
            facets.append(facet)
        }
        for lamp in other.lamps {
            lamps.append(Lamp(place: lamp.place + place, material: lamp.material))
        }
    }

    /// A mesh whose edges are round to the eye where faces meet at less than about 50 degrees.
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
    /// The face's normal, as long as twice its area.
    fileprivate var flatNormal: Vector { cross(corners[1] - corners[0], corners[2] - corners[0]) }

    /// The corner's place to the millimetre.
    fileprivate func key(_ corner: Int) -> SIMD3<Int32> {
        SIMD3<Int32>((corners[corner] * 1000).rounded(.toNearestOrEven))
    }
}

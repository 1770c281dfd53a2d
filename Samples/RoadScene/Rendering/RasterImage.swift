/// Render target: colour, depth and visible body of each sample.
struct RasterImage {
    let width: Int
    let height: Int
    /// Linear colours.
    var colors: [Vector]
    /// Inverse depths along the camera's axis; 0 for background.
    var depths: [Float]
    /// Index of the visible body; -1 for ground and sky.
    var owners: [Int32]
    /// Index of the last body that covered the sample, occluded or not.
    private var lastBodies: [Int32]

    /// Area that a body covers when occlusion is ignored.
    struct Coverage {
        var samples = 0
        var left = Float.infinity
        var top = Float.infinity
        var right = -Float.infinity
        var bottom = -Float.infinity
    }

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        let count = width * height
        colors = Array(repeating: .zero, count: count)
        depths = Array(repeating: 0, count: count)
        owners = Array(repeating: -1, count: count)
        lastBodies = Array(repeating: -1, count: count)
    }

    /// Resets depths and bodies.
    mutating func clear() {
        for index in depths.indices {
            depths[index] = 0
            owners[index] = -1
            lastBodies[index] = -1
        }
    }

    /// Draws a body and returns its coverage.
    mutating func draw(_ body: Body, number: Int32, _ camera: Camera, _ shading: Shading)
        -> Coverage
    {
        var coverage = Coverage()
        let (sine, cosine) = (body.heading.sine, body.heading.cosine)
        func turned(_ p: Vector) -> Vector {
            Vector(p.x * cosine + p.z * sine, p.y, p.z * cosine - p.x * sine)
        }
        for facet in body.mesh.facets {
            var vertices: [Vertex] = []
            vertices.reserveCapacity(4)
            for corner in 0..<3 {
                let own = facet.corners[corner]
                vertices.append(
                    Vertex(
                        view: camera.view(body.position + turned(own)), own: own,
                        normal: turned(facet.normals[corner])))
            }
            let clipped = Self.clip(vertices)
            guard clipped.count >= 3 else { continue }
            for index in 1..<clipped.count - 1 {
                fill(
                    ScreenTriangle(clipped[0], clipped[index], clipped[index + 1], camera),
                    facet.material, body, number, camera, shading, &coverage)
            }
        }
        return coverage
    }

    /// Vertex in camera coordinates.
    struct Vertex {
        var view: Vector
        var own: Vector
        var normal: Vector
    }

    /// Clips a polygon at the near plane.
    private static func clip(_ vertices: [Vertex]) -> [Vertex] {
        if vertices.allSatisfy({ $0.view.z >= Camera.near }) { return vertices }
        var result: [Vertex] = []
        for (index, vertex) in vertices.enumerated() {
            let next = vertices[(index + 1) % vertices.count]
            if vertex.view.z >= Camera.near { result.append(vertex) }
            guard (vertex.view.z >= Camera.near) != (next.view.z >= Camera.near) else { continue }
            let share = (Camera.near - vertex.view.z) / (next.view.z - vertex.view.z)
            result.append(
                Vertex(
                    view: mix(vertex.view, next.view, share), own: mix(vertex.own, next.own, share),
                    normal: mix(vertex.normal, next.normal, share)))
        }
        return result
    }

    private mutating func fill(
        _ triangle: ScreenTriangle, _ material: Material, _ body: Body, _ number: Int32,
        _ camera: Camera, _ shading: Shading, _ coverage: inout Coverage
    ) {
        coverage.widen(triangle)
        let columns = triangle.columns(below: width)
        let rows = triangle.rows(below: height)
        guard !columns.isEmpty, !rows.isEmpty, triangle.area != 0 else { return }
        for row in rows {
            for column in columns {
                guard let weights = triangle.weights(Float(column) + 0.5, Float(row) + 0.5) else {
                    continue
                }
                let index = row * width + column
                if lastBodies[index] != number {
                    lastBodies[index] = number
                    coverage.samples += 1
                }
                let depth = (weights * triangle.inverseDepths).sum()
                guard depth > depths[index] else { continue }
                let point = triangle.surfacePoint(weights, depth, body, camera, column, row)
                guard let color = shading.color(material, body.appearance, point) else { continue }
                depths[index] = depth
                owners[index] = number
                colors[index] = color
            }
        }
    }
}

extension RasterImage.Coverage {
    fileprivate mutating func widen(_ triangle: ScreenTriangle) {
        left = min(left, triangle.x.min())
        right = max(right, triangle.x.max())
        top = min(top, triangle.y.min())
        bottom = max(bottom, triangle.y.max())
    }
}

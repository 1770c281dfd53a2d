/// Projected triangle for perspective-correct rasterization.
struct ScreenTriangle {
    let x: Vector
    let y: Vector
    let inverseDepths: Vector
    let area: Float
    private let own: InlineArray<3, Vector>
    private let normals: InlineArray<3, Vector>

    /// Projects three vertices in front of the near plane.
    init(
        _ a: RasterImage.Vertex, _ b: RasterImage.Vertex, _ c: RasterImage.Vertex, _ camera: Camera
    ) {
        let (p, q, r) = (camera.project(a.view), camera.project(b.view), camera.project(c.view))
        x = Vector(p.x, q.x, r.x)
        y = Vector(p.y, q.y, r.y)
        inverseDepths = 1 / Vector(a.view.z, b.view.z, c.view.z)
        area = (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)
        own = [a.own, b.own, c.own]
        normals = [a.normal, b.normal, c.normal]
    }

    /// Range of columns within the image.
    func columns(below width: Int) -> Range<Int> { Self.span(x.min(), x.max(), width) }
    /// Range of rows within the image.
    func rows(below height: Int) -> Range<Int> { Self.span(y.min(), y.max(), height) }

    private static func span(_ low: Float, _ high: Float, _ limit: Int) -> Range<Int> {
        let first = Int(max(0, min(Float(limit), low.rounded(.down))))
        let last = Int(max(0, min(Float(limit), high.rounded(.up))))
        return first..<max(first, last)
    }

    /// Perspective-correct barycentric weights of a point; nil outside.
    func weights(_ px: Float, _ py: Float) -> Vector? {
        let dx = x - px
        let dy = y - py
        let a = dx.y * dy.z - dy.y * dx.z
        let b = dx.z * dy.x - dy.z * dx.x
        let shares = Vector(a, b, area - a - b) / area
        return shares.min() >= 0 ? shares : nil
    }

    /// Surface point that is visible through a sample.
    func surfacePoint(
        _ weights: Vector, _ inverseDepth: Float, _ body: Body, _ camera: Camera, _ column: Int,
        _ row: Int
    ) -> Shading.SurfacePoint {
        let shares = weights * inverseDepths / inverseDepth
        let own = own[0] * shares.x + own[1] * shares.y + own[2] * shares.z
        var normal = normalized(
            normals[0] * shares.x + normals[1] * shares.y + normals[2] * shares.z)
        let world = body.world(own)
        if dot(normal, camera.position - world) < 0 { normal = -normal }
        return Shading.SurfacePoint(own: own, world: world, normal: normal)
    }
}

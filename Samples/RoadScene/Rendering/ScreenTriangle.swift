/// A triangle in the picture, ready to be filled with correct perspective.
struct ScreenTriangle {
    let x: Vector
    let y: Vector
    let inverseDepths: Vector
    let area: Float
    private let own: InlineArray<3, Vector>
    private let normals: InlineArray<3, Vector>

    /// Three corners before the camera.
    init(_ a: Canvas.Vertex, _ b: Canvas.Vertex, _ c: Canvas.Vertex, _ camera: Camera) {
        let (p, q, r) = (camera.project(a.view), camera.project(b.view), camera.project(c.view))
        x = Vector(p.x, q.x, r.x)
        y = Vector(p.y, q.y, r.y)
        inverseDepths = 1 / Vector(a.view.z, b.view.z, c.view.z)
        area = (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)
        own = [a.own, b.own, c.own]
        normals = [a.normal, b.normal, c.normal]
    }

    /// The columns that it may touch.
    func columns(below width: Int) -> Range<Int> { Self.span(x.min(), x.max(), width) }
    /// The rows that it may touch.
    func rows(below height: Int) -> Range<Int> { Self.span(y.min(), y.max(), height) }

    private static func span(_ low: Float, _ high: Float, _ limit: Int) -> Range<Int> {
        let first = Int(max(0, min(Float(limit), low.rounded(.down))))
        let last = Int(max(0, min(Float(limit), high.rounded(.up))))
        return first..<max(first, last)
    }

    /// The shares of the three corners in a point; nil outside.
    func weights(_ px: Float, _ py: Float) -> Vector? {
        let dx = x - px
        let dy = y - py
        let a = dx.y * dy.z - dy.y * dx.z
        let b = dx.z * dy.x - dy.z * dx.x
        let shares = Vector(a, b, area - a - b) / area
        return shares.min() >= 0 ? shares : nil
    }

    /// The place of the body that is seen through a sample.
    func place(
        _ weights: Vector, _ inverseDepth: Float, _ body: Body, _ camera: Camera, _ column: Int,
        _ row: Int
    ) -> Shading.Place {
        let shares = weights * inverseDepths / inverseDepth
        let own = own[0] * shares.x + own[1] * shares.y + own[2] * shares.z
        var normal = normalized(
            normals[0] * shares.x + normals[1] * shares.y + normals[2] * shares.z)
        let world = body.world(own)
        if dot(normal, camera.position - world) < 0 { normal = -normal }
        return Shading.Place(own: own, world: world, normal: normal)
    }
}

/// Shadows of bodies on flat ground: ambient occlusion, and by day the sun's shadow.
struct Shadows {
    private struct Footprint {
        var position: Vector
        var sine, cosine: Float
        var half: SIMD2<Float>
        var height: Float
        var reach: Float
    }

    private let footprints: [Footprint]
    private let light: Light

    init(_ bodies: [Body], _ light: Light) {
        self.light = light
        footprints = bodies.compactMap { body in
            guard body.objectClass != nil else { return nil }
            let half = SIMD2(body.size.x, body.size.z) / 2
            return Footprint(
                position: body.position, sine: body.heading.sine, cosine: body.heading.cosine,
                half: half,
                height: body.size.y, reach: half.max() + 0.6 + body.size.y * 0.9)
        }
    }

    /// Fractions of sun and sky light that reach a point on the ground, each 0 to 1.
    func light(at x: Float, _ z: Float) -> (sun: Float, sky: Float) {
        var sun: Float = 1
        var sky: Float = 1
        for print in footprints {
            let offset = SIMD2(x - print.position.x, z - print.position.z)
            guard abs(offset.x) < print.reach, abs(offset.y) < print.reach else { continue }
            let below = Self.outside(offset, print)
            sky = min(sky, 0.12 + 0.88 * smoothstep(-0.25, 0.55, below))
            sun = min(sun, smoothstep(-0.1, 0.12, below))
            guard !light.isDark else { continue }
            for share in [Float(0.2), 0.4, 0.6, 0.85] {
                let lift = print.height * share / light.sun.y
                let moved = offset + SIMD2(light.sun.x, light.sun.z) * lift
                sun = min(sun, smoothstep(-0.18, 0.1, Self.outside(moved, print) + share * 0.15))
            }
        }
        return (sun, sky)
    }

    /// Signed distance to a footprint in metres; negative inside.
    private static func outside(_ offset: SIMD2<Float>, _ print: Footprint) -> Float {
        let local = SIMD2(
            offset.x * print.cosine - offset.y * print.sine,
            offset.x * print.sine + offset.y * print.cosine)
        let beyond = SIMD2(abs(local.x), abs(local.y)) - print.half
        let outer = SIMD2(max(0, beyond.x), max(0, beyond.y))
        return (outer * outer).sum().squareRoot() + min(0, max(beyond.x, beyond.y))
    }
}

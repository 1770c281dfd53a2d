/// Shading of surface points: material, light and reflections.
struct Shading {
    let light: Light
    let eye: Vector
    /// Headlamps of the camera's car.
    var lamps: HeadLamps

    /// Point on a body, in the body's and in world coordinates.
    struct SurfacePoint {
        var own: Vector
        var world: Vector
        var normal: Vector
    }

    private struct Surface {
        var albedo: Vector
        /// Reflectance at normal incidence, 0 to 1.
        var mirror: Float = 0.03
        var glow = Vector.zero
    }

    /// Linear colour of a point; nil for a hole in foliage.
    func color(_ material: Material, _ appearance: Appearance, _ point: SurfacePoint) -> Vector? {
        let towards = normalized(eye - point.world)
        let facing = max(0, dot(point.normal, towards))
        guard let surface = surface(material, appearance, point, facing) else { return nil }
        let sun = max(0, dot(point.normal, light.sun))
        let lit =
            light.ambient(point.normal) + light.sunColor * sun
            + lamps.light(at: point.world) * max(0.1, facing)
        let mirrored = 2 * dot(point.normal, towards) * point.normal - towards
        let slant = 1 - facing
        let share =
            surface.mirror + (1 - surface.mirror) * slant * slant * slant * slant * slant * 0.8
        var color = surface.albedo * lit * (1 - share) + light.surroundings(mirrored) * share
        if surface.mirror > 0.035 {
            let glint = max(0, dot(mirrored, light.sun))
            color += light.sunColor * smoothstep(0.985, 1, glint) * surface.mirror * 14
        }
        let away = point.world - eye
        return light.haze(color + surface.glow, distance: dot(away, away).squareRoot())
    }

    private func surface(
        _ material: Material, _ appearance: Appearance, _ point: SurfacePoint, _ facing: Float
    ) -> Surface? {
        let own = point.own
        switch material {
        case .paint:
            // Dirt rises from the road.
            let dirt = (1 - smoothstep(0.25, 0.75, own.y)) * 0.3
            return Surface(
                albedo: mix(appearance.paint, Vector(0.16, 0.15, 0.13), dirt), mirror: 0.06)
        case .cargo: return cargo(appearance, own)
        case .glass:
            let seats = Noise.smooth(own.x * 4, own.y * 5 + own.z * 3, appearance.salt)
            return Surface(albedo: Vector(repeating: 0.012 + 0.02 * seats), mirror: 0.11)
        case .darkPlastic: return Surface(albedo: Vector(repeating: 0.022))
        case .tyre: return Surface(albedo: Vector(repeating: 0.012), mirror: 0.01)
        case .rim: return Surface(albedo: Vector(repeating: 0.32), mirror: 0.2)
        case .chrome: return Surface(albedo: Vector(repeating: 0.3), mirror: 0.45)
        case .metal: return Surface(albedo: Vector(repeating: 0.3), mirror: 0.06)
        case .seam: return Surface(albedo: appearance.paint * 0.25)
        case .plate, .tailLamp, .headLamp, .indicator, .streetLamp:
            return fitting(material, appearance, own)
        case .skin: return Surface(albedo: appearance.skin)
        case .hair: return Surface(albedo: appearance.hair)
        case .shirt:
            let folds = Noise.smooth(own.x * 9, own.y * 14 + own.z * 5, appearance.salt)
            return Surface(albedo: appearance.paint * (0.75 + 0.4 * folds), mirror: 0.01)
        case .trousers:
            let folds = Noise.smooth(own.x * 12, own.y * 9, appearance.salt)
            return Surface(albedo: appearance.second * (0.7 + 0.5 * folds), mirror: 0.01)
        case .shoe: return Surface(albedo: Vector(repeating: 0.03))
        case .foliage: return foliage(appearance, own, facing)
        case .bark: return Surface(albedo: Vector(0.07, 0.055, 0.04), mirror: 0)
        case .wall: return wall(appearance, point)
        case .roof: return Surface(albedo: appearance.second)
        }
    }

    private func fitting(_ material: Material, _ appearance: Appearance, _ own: Vector) -> Surface {
        switch material {
        case .plate:
            let letter = Int32((own.x * 40).rounded(.down))
            let inked =
                abs(own.x) < 0.21 && Noise.hash(letter, 0, appearance.salt) > 0.3
            return Surface(albedo: Vector(repeating: inked ? 0.33 : 0.62))
        case .tailLamp:
            let shine: Float = appearance.isBraking ? 1.5 : appearance.lampsLit ? 0.42 : 0
            return Surface(
                albedo: Vector(0.3, 0.012, 0.014), mirror: 0.07,
                glow: Vector(1, 0.045, 0.035) * shine)
        case .headLamp:
            return Surface(
                albedo: Vector(repeating: 0.5), mirror: 0.2,
                glow: appearance.lampsLit ? Vector(2.6, 2.5, 2.2) : .zero)
        case .streetLamp:
            return Surface(
                albedo: Vector(repeating: 0.4), glow: light.isDark ? Vector(3, 2.3, 1.4) : .zero)
        default: return Surface(albedo: Vector(0.4, 0.18, 0.03), mirror: 0.07)
        }
    }

    private func cargo(_ appearance: Appearance, _ own: Vector) -> Surface {
        let panel = band(0, 0.03, (own.z + 50).truncatingRemainder(dividingBy: 0.9), softness: 0.02)
        let stripe: Float = own.y > 1.9 && own.y < 2.3 ? 1 : 0
        let base = mix(appearance.second, appearance.paint, stripe * 0.8)
        let dirt = 0.82 + 0.18 * Noise.cloudy(own.x * 1.3 + own.z, own.y * 0.8, appearance.salt)
        return Surface(albedo: base * dirt * (1 - 0.3 * panel))
    }

    private func foliage(_ appearance: Appearance, _ own: Vector, _ facing: Float) -> Surface? {
        let leaf = Noise.smooth(own.x * 9 + own.z * 5, own.y * 9 - own.z * 6, appearance.salt)
        if facing < 0.75 * leaf { return nil }
        let depth = Noise.cloudy(own.x * 2.4 + own.z, own.y * 2.6 - own.z, appearance.salt &+ 5)
        return Surface(
            albedo: appearance.paint * (0.1 + 2.2 * depth * depth * (0.3 + 1.2 * leaf)), mirror: 0)
    }

    private func wall(_ appearance: Appearance, _ point: SurfacePoint) -> Surface {
        let own = point.own
        let across = abs(point.normal.x) > 0.5 ? own.z : own.x
        let (column, row) = ((across + 300) / 2.7, own.y / 3)
        let (inX, inY) = (
            column.truncatingRemainder(dividingBy: 1), row.truncatingRemainder(dividingBy: 1)
        )
        let pane = band(0.24, 0.72, inX, softness: 0.015) * band(0.3, 0.8, inY, softness: 0.015)
        let frame = band(0.2, 0.76, inX, softness: 0.015) * band(0.27, 0.84, inY, softness: 0.015)
        let stain = 0.8 + 0.3 * Noise.cloudy(across * 0.5, own.y * 0.35, appearance.salt)
        let albedo = mix(
            mix(appearance.paint * stain, Vector(0.5, 0.5, 0.48), frame), Vector(0.03, 0.035, 0.04),
            pane)
        let number = Noise.hash(Int32(column), Int32(row), appearance.salt)
        let isLit = light.isDark && number > 0.62
        return Surface(
            albedo: albedo, mirror: pane > 0.5 ? 0.14 : 0.02,
            glow: isLit ? Vector(0.5, 0.36, 0.17) * (pane * (0.4 + number)) : .zero)
    }
}

/// Headlamp beam of the camera's car.
struct HeadLamps {
    var isOn: Bool
    var position: Vector

    /// Light that arrives at a point of the world.
    func light(at world: Vector) -> Vector {
        guard isOn else { return .zero }
        let ahead = world.z - position.z
        guard ahead > 0.5 else { return .zero }
        let sideways = abs(world.x - position.x) / ahead
        let beam = 1 - smoothstep(0.1, 0.55, sideways)
        // The beam has a cut-off: little light above the height of the lamps.
        let cut = 1 - smoothstep(0.5, 2, world.y)
        let fade = 1 / (1 + ahead * ahead / 210)
        return Vector(1.05, 1, 0.86) * (0.75 * beam * fade * (0.25 + 0.75 * cut))
    }
}

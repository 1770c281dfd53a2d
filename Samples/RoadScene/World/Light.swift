/// Time of day.
enum Daylight: String, CaseIterable {
    case day, dusk
}

/// Light sources; colours are linear, 1 is white paper in the sun.
struct Light {
    let daylight: Daylight
    /// Direction towards the sun.
    let sun: Vector
    let sunColor: Vector
    let zenith: Vector
    let horizon: Vector
    /// Light reflected from the ground.
    let bounce: Vector

    /// Creates the light of a time of day.
    init(_ daylight: Daylight) {
        self.daylight = daylight
        switch daylight {
        case .day:
            sun = normalized(Vector(0.55, 0.8, -0.5))
            sunColor = Vector(0.92, 0.86, 0.76)
            zenith = Vector(0.24, 0.38, 0.62)
            horizon = Vector(0.72, 0.78, 0.84)
            bounce = Vector(0.13, 0.13, 0.12)
        case .dusk:
            sun = normalized(Vector(-0.3, 0.1, 1))
            sunColor = Vector(0.02, 0.012, 0.008)
            zenith = Vector(0.045, 0.06, 0.11)
            horizon = Vector(0.34, 0.2, 0.14)
            bounce = Vector(0.012, 0.012, 0.013)
        }
    }

    /// True when lamps are lit.
    var isDark: Bool { daylight == .dusk }

    /// Ambient light on a surface with the given normal.
    func ambient(_ normal: Vector) -> Vector {
        let up = normal.y * 0.5 + 0.5
        return mix(bounce, mix(horizon, zenith, 0.55) * (isDark ? 0.75 : 0.62), up)
    }

    /// Colour of the sky in a direction above the horizon; `clouds` is expensive.
    func sky(_ direction: Vector, clouds: Bool) -> Vector {
        let up = max(0, direction.y)
        var color = mix(horizon, zenith, smoothstep(0, 0.45, up))
        guard clouds, up > 0.01 else { return color }
        let scale = 1.6 / (up + 0.12)
        let cover = Noise.cloudy(direction.x * scale + 7, direction.z * scale * 0.5, 11)
        let white = isDark ? Vector(0.17, 0.12, 0.12) : Vector(0.93, 0.94, 0.96)
        color = mix(color, white, smoothstep(0.45, 0.8, cover) * smoothstep(0.02, 0.25, up) * 0.85)
        return color
    }

    /// Environment for reflections: sky above, dark trees and houses at the horizon, road below.
    func surroundings(_ direction: Vector) -> Vector {
        let ground = bounce * 0.9
        guard direction.y > -0.02 else { return ground }
        let skyline = (horizon * 0.2 + Vector(0.02, 0.03, 0.02)) * (isDark ? 0.3 : 1)
        return mix(skyline, sky(direction, clouds: false), smoothstep(0.08, 0.25, direction.y))
    }

    /// Blends a colour into the horizon by distance.
    func haze(_ color: Vector, distance: Float) -> Vector {
        mix(color, horizon * 0.92, 1 - Float(1) / (1 + distance * distance / 160_000))
    }
}

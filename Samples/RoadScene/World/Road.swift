/// Street with two lanes each way, parking strips, pavements and a crossing; lengths in metres.
struct Road {
    /// Start of the crossing, which is `crossingLength` long.
    var crossing: Float
    static let crossingLength: Float = 3.2
    static let laneWidth: Float = 3.5
    /// Centres of the lanes away from the camera: fast, slow.
    static let lanes: [Float] = [1.75, 5.25]
    static let parking: Float = 8.15
    static let kerb: Float = 9.3
    static let pavementEnd: Float = 12.2

    /// Position of the stop line for a direction (1 away from the camera, -1 towards it).
    func stopLine(direction: Float) -> Float {
        direction > 0 ? crossing - 1.8 : crossing + Self.crossingLength + 1.8
    }

    /// Albedo of a point on the ground.
    func albedo(_ x: Float, _ z: Float, distance: Float) -> Vector {
        let side = abs(x)
        // Fine grain fades where a pixel covers more than one grain.
        let fine = 1 / (1 + distance * distance / 90)
        let grain = (Noise.smooth(x * 22, z * 22, 3) - 0.5) * fine
        if side > Self.kerb { return verge(x, z, side, grain) }
        var color = asphalt(x, z, side, grain)
        let paint = marking(x, z, side)
        let wear = 0.75 + 0.25 * Noise.cloudy(x * 3, z * 1.5, 21)
        color = mix(color, Vector(0.62, 0.62, 0.59), paint.white * wear)
        return mix(color, Vector(0.55, 0.37, 0.07), paint.yellow * wear)
    }

    private func asphalt(_ x: Float, _ z: Float, _ side: Float, _ grain: Float) -> Vector {
        var level = 0.105 + 0.05 * (Noise.cloudy(x * 0.5, z * 0.12, 5) - 0.5) + 0.045 * grain
        let inLane = (side / Self.laneWidth).truncatingRemainder(dividingBy: 1)
        level *=
            1 - 0.16
            * (band(0.2, 0.34, inLane, softness: 0.08) + band(0.66, 0.8, inLane, softness: 0.08))
        if Noise.hash(Int32((x / 3.5).rounded(.down)), Int32((z / 9).rounded(.down)), 8) > 0.86 {
            level *= 0.78
        }
        let gutter = smoothstep(8.85, 8.95, side)
        return mix(
            Vector(level, level, level * 1.03), Vector(0.2, 0.195, 0.185) * (1 + grain * 0.3),
            gutter)
    }

    private func marking(_ x: Float, _ z: Float, _ side: Float) -> (white: Float, yellow: Float) {
        let onCrossing = band(crossing, crossing + Self.crossingLength, z, softness: 0.04)
        let stripe = (x + 100).truncatingRemainder(dividingBy: 1)
        let zebra = side < 8.6 ? onCrossing * band(0.22, 0.74, stripe, softness: 0.03) : 0
        let line = stopLine(direction: x > 0 ? 1 : -1)
        let stop = side < 7 && side > 0.2 ? band(line - 0.2, line + 0.2, z, softness: 0.03) : 0
        let free: Float = z > crossing - 2 && z < crossing + Self.crossingLength + 2 ? 0 : 1
        let beat = (z + 900).truncatingRemainder(dividingBy: 9)
        let dashes = band(3.44, 3.56, side, softness: 0.015) * band(0, 3, beat, softness: 0.03)
        let edge = band(6.95, 7.05, side, softness: 0.015)
        let center = band(0.09, 0.2, side, softness: 0.015)
        return (max(zebra, stop, max(dashes, edge) * free), center * free)
    }

    private func verge(_ x: Float, _ z: Float, _ side: Float, _ grain: Float) -> Vector {
        if side < Self.kerb + 0.18 { return Vector(0.3, 0.29, 0.27) * (1 + 0.3 * grain) }
        if side < Self.pavementEnd {
            let joint = band(
                0, 0.05, (z + 900).truncatingRemainder(dividingBy: 1.5), softness: 0.02)
            let level = (0.26 + 0.06 * (Noise.cloudy(x, z * 0.5, 9) - 0.5)) * (1 - 0.35 * joint)
            return Vector(level, level * 0.98, level * 0.94) * (1 + 0.25 * grain)
        }
        let growth = Noise.cloudy(x * 0.6, z * 0.6, 14) + 0.6 * grain
        return Vector(0.05, 0.085, 0.028) * (0.6 + growth)
    }
}

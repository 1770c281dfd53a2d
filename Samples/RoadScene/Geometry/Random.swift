/// Reproducible random number generator (SplitMix64: Steele et al., 2014).
struct Random: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Uniform number between two bounds.
    mutating func number(_ low: Float, _ high: Float) -> Float {
        low + (high - low) * Float(next() >> 40) / 16_777_216
    }
}

/// Position-dependent noise for textures that are stable over time.
enum Noise {
    /// Value of a grid point, 0 to 1.
    static func hash(_ x: Int32, _ y: Int32, _ salt: UInt32 = 0) -> Float {
        var h = UInt32(bitPattern: x) &* 0x8DA6_B343
        h ^= UInt32(bitPattern: y) &* 0xD816_3841
        h ^= salt &* 0xCB1A_B31F
        h = (h ^ (h >> 15)) &* 0x85EB_CA6B
        h = (h ^ (h >> 13)) &* 0xC2B2_AE35
        return Float((h ^ (h >> 16)) >> 8) / 16_777_216
    }

    /// Value noise, 0 to 1, with a period of one unit.
    static func smooth(_ x: Float, _ y: Float, _ salt: UInt32 = 0) -> Float {
        let (floorX, floorY) = (x.rounded(.down), y.rounded(.down))
        let (column, row) = (Int32(clamping: Int(floorX)), Int32(clamping: Int(floorY)))
        let across = smoothstep(0, 1, x - floorX)
        let down = smoothstep(0, 1, y - floorY)
        let upper = mix(hash(column, row, salt), hash(column &+ 1, row, salt), across)
        let lower = mix(hash(column, row &+ 1, salt), hash(column &+ 1, row &+ 1, salt), across)
        return mix(upper, lower, down)
    }

    /// Sum of three octaves of value noise, 0 to 1.
    static func cloudy(_ x: Float, _ y: Float, _ salt: UInt32 = 0) -> Float {
        (4 * smooth(x, y, salt) + 2 * smooth(2 * x, 2 * y, salt &+ 1)
            + smooth(4 * x, 4 * y, salt &+ 2)) / 7
    }
}

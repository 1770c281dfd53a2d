import Foundation

/// Point or direction (x to the right, y up, z along the road) or linear colour (red, green, blue).
typealias Vector = SIMD3<Float>

/// Dot product.
func dot(_ a: Vector, _ b: Vector) -> Float { (a * b).sum() }

/// Cross product.
func cross(_ a: Vector, _ b: Vector) -> Vector {
    Vector(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

/// Unit vector of the same direction; zero stays zero.
func normalized(_ a: Vector) -> Vector {
    let length = dot(a, a).squareRoot()
    return length > 0 ? a / length : a
}

/// Linear interpolation from `a` at 0 to `b` at 1.
func mix(_ a: Vector, _ b: Vector, _ share: Float) -> Vector { a + (b - a) * share }

/// Linear interpolation from `a` at 0 to `b` at 1.
func mix(_ a: Float, _ b: Float, _ share: Float) -> Float { a + (b - a) * share }

/// Smooth step: 0 below `low`, 1 above `high`.
func smoothstep(_ low: Float, _ high: Float, _ value: Float) -> Float {
    let share = min(1, max(0, (value - low) / (high - low)))
    return share * share * (3 - 2 * share)
}

/// Smooth box: 1 inside the interval and 0 outside, with edges of width `softness`.
func band(_ low: Float, _ high: Float, _ value: Float, softness: Float = 0.01) -> Float {
    smoothstep(low - softness, low + softness, value)
        * (1 - smoothstep(high - softness, high + softness, value))
}

extension Float {
    /// Sine of an angle in radians.
    var sine: Float { Foundation.sin(self) }
    /// Cosine of an angle in radians.
    var cosine: Float { Foundation.cos(self) }
}

import Glibc
import Scene

/// Boxes told relative to other boxes: shifts in sides, sizes as logarithms.
///
/// Girshick and others, Rich feature hierarchies (2014), appendix C.
struct BoxCode: Hashable, Sendable {
    /// What the network's numbers are multiplied by: x, y, width, height.
    var deviations = SIMD4<Float>(1, 1, 1, 1)
    /// Logarithms of size changes are held within ± this.
    var limit: Float

    /// The box that `deltas` tell relative to `base`.
    func decode(_ deltas: SIMD4<Float>, relativeTo base: Box) -> Box {
        let scaled = deltas * deviations
        let width = base.width * expf(max(-limit, min(scaled.z, limit)))
        let height = base.height * expf(max(-limit, min(scaled.w, limit)))
        let x = base.centerX + scaled.x * base.width
        let y = base.centerY + scaled.y * base.height
        return Box(x: x - width / 2, y: y - height / 2, width: width, height: height)
    }
}

/// The logistic function.
func logistic(_ x: Float) -> Float { 1 / (1 + expf(-x)) }

import Glibc
public import Scene

/// Boxes told relative to other boxes: shifts in sides, sizes as logarithms.
///
/// Girshick and others, Rich feature hierarchies (2014), appendix C.
public struct BoxCode: Hashable, Sendable {
    /// What the network's numbers are multiplied by: x, y, width, height.
    public var deviations = SIMD4<Float>(1, 1, 1, 1)
    /// Logarithms of size changes are held within ± this.
    public var limit: Float

    /// A code by its parts.
    public init(deviations: SIMD4<Float> = SIMD4(1, 1, 1, 1), limit: Float) {
        self.deviations = deviations
        self.limit = limit
    }

    /// The box that `deltas` tell relative to `base`.
    public func decode(_ deltas: SIMD4<Float>, relativeTo base: Box) -> Box {
        let scaled = deltas * deviations
        let width = base.width * expf(max(-limit, min(scaled.z, limit)))
        let height = base.height * expf(max(-limit, min(scaled.w, limit)))
        let x = base.centerX + scaled.x * base.width
        let y = base.centerY + scaled.y * base.height
        return Box(x: x - width / 2, y: y - height / 2, width: width, height: height)
    }

    /// What the network is to say of `box` relative to `base`; both have an extent.
    public func encode(_ box: Box, relativeTo base: Box) -> SIMD4<Float> {
        SIMD4(
            (box.centerX - base.centerX) / base.width, (box.centerY - base.centerY) / base.height,
            logf(box.width / base.width), logf(box.height / base.height)) / deviations
    }
}

/// The logistic function.
func logistic(_ x: Float) -> Float { 1 / (1 + expf(-x)) }

/// Point of the upright frame in 256ths of a pixel, x to the right, y downwards.
///
/// Coordinates are whole numbers, so that the predicates below are exact: each is the sign of an integer that fits
/// 64 bits. Ties are broken as if every observed point were shifted by an infinitesimal vector, to the right and, far
/// less, downwards (simulation of simplicity: Edelsbrunner and Mücke, 1990). No observed point is then ever on an
/// edge, so that edges are half-open without special cases.
public struct GridPoint: Hashable, Sendable {
    /// Units in a pixel.
    public static let unitsPerPixel = 256
    /// Largest distance from the origin in pixels; farther coordinates are clamped.
    public static let limit = Double(1 << 21)

    /// Horizontal coordinate in units.
    public let x: Int
    /// Vertical coordinate in units.
    public let y: Int

    /// The grid's point nearest to a place in pixels; nil when a coordinate is not finite.
    public init?(x: Double, y: Double) {
        guard x.isFinite, y.isFinite else { return nil }
        self.x = Self.units(x)
        self.y = Self.units(y)
    }

    private static func units(_ pixels: Double) -> Int {
        Int((min(max(pixels, -limit), limit) * Double(unitsPerPixel)).rounded())
    }

    /// Horizontal coordinate in pixels.
    public var pixelX: Double { Double(x) / Double(Self.unitsPerPixel) }
    /// Vertical coordinate in pixels.
    public var pixelY: Double { Double(y) / Double(Self.unitsPerPixel) }

    /// Twice the signed area of the triangle `start`, `end`, self: positive to the right of the walk from start to end.
    @inlinable
    public func area(from start: GridPoint, to end: GridPoint) -> Int {
        (end.x - start.x) &* (y - start.y) &- (end.y - start.y) &* (x - start.x)
    }

    /// True for an observed point to the right of the walk from `start` to `end`, two different fixed points.
    @inlinable
    public func isRight(from start: GridPoint, to end: GridPoint) -> Bool {
        let area = area(from: start, to: end)
        if area != 0 { return area > 0 }
        return end.y != start.y ? end.y < start.y : end.x > start.x
    }

    /// True for a fixed point to the right of the step between two different observed points.
    @inlinable
    public func isRight(ofStepFrom start: GridPoint, to end: GridPoint) -> Bool {
        let area = area(from: start, to: end)
        if area != 0 { return area > 0 }
        return end.y != start.y ? end.y > start.y : end.x < start.x
    }
}

/// Axis-parallel rectangle in pixels of the upright frame, x to the right, y downwards.
///
/// Edges are continuous coordinates: the left edge of the first pixel column is 0, its right edge 1.
public struct Box: Hashable, Sendable {
    /// Left edge.
    public var x: Float
    /// Upper edge.
    public var y: Float
    /// Extent to the right, not negative.
    public var width: Float
    /// Extent downwards, not negative.
    public var height: Float

    /// Creates a rectangle from its upper left corner and extent.
    public init(x: Float, y: Float, width: Float, height: Float) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// Creates a rectangle from two opposite corners.
    public init(left: Float, top: Float, right: Float, bottom: Float) {
        self.init(x: left, y: top, width: right - left, height: bottom - top)
    }

    /// Right edge.
    public var right: Float { x + width }
    /// Lower edge.
    public var bottom: Float { y + height }
    /// Horizontal centre.
    public var centerX: Float { x + width / 2 }
    /// Vertical centre.
    public var centerY: Float { y + height / 2 }
    /// Area in square pixels.
    public var area: Float { width * height }

    /// Intersection with `other`; of zero extent when the two are disjoint.
    public func intersection(_ other: Box) -> Box {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Box(
            left: left, top: top, right: max(left, min(right, other.right)),
            bottom: max(top, min(bottom, other.bottom)))
    }

    /// Intersection over union, 0 to 1; 0 when both are empty.
    public func overlap(_ other: Box) -> Float {
        let common = intersection(other).area
        let union = area + other.area - common
        return union > 0 ? common / union : 0
    }
}

/// Ring buffer of points in pixels of the upright frame, oldest first.
///
/// The renderer lends one to its caller for each object, so that any type of history can be drawn.
public struct Polyline: Sendable {
    /// Point, x to the right and y downwards.
    public struct Point: Hashable, Sendable {
        /// Distance from the left edge.
        public var x: Float
        /// Distance from the upper edge.
        public var y: Float

        /// Creates a point from its coordinates.
        public init(x: Float, y: Float) {
            self.x = x
            self.y = y
        }
    }

    /// Maximum number of points.
    public static let capacity = 256

    private var ring: [Point] = []
    private var start = 0

    /// Creates an empty line.
    public init() {
        ring.reserveCapacity(Polyline.capacity)
    }

    /// Number of points.
    public var count: Int { ring.count }

    /// Point at an index; 0 is the oldest.
    public subscript(_ index: Int) -> Point { ring[(start + index) % ring.count] }

    /// Appends the newest point and drops the oldest when full; ignores a non-finite point.
    public mutating func append(x: Float, y: Float) {
        guard x.isFinite, y.isFinite else { return }
        let point = Point(x: x, y: y)
        if ring.count < Polyline.capacity {
            ring.append(point)
        } else {
            ring[start] = point
            start = (start + 1) % Polyline.capacity
        }
    }

    /// Removes all points, keeping the capacity.
    public mutating func removeAll() {
        ring.removeAll(keepingCapacity: true)
        start = 0
    }
}

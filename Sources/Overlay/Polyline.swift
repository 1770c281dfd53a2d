/// Points in pixels of the upright picture, oldest first; holds the newest of what is appended to it.
///
/// The renderer lends one to its caller for each object, so that a tracker's history of any form can be drawn.
public struct Polyline: Sendable {
    /// A point, x to the right and y downwards.
    public struct Point: Hashable, Sendable {
        /// Distance from the picture's left edge.
        public var x: Float
        /// Distance from the picture's upper edge.
        public var y: Float

        /// A point by its coordinates.
        public init(x: Float, y: Float) {
            self.x = x
            self.y = y
        }
    }

    /// How many points are kept.
    public static let capacity = 256

    private var ring: [Point] = []
    private var start = 0

    /// A line without points.
    public init() {
        ring.reserveCapacity(Polyline.capacity)
    }

    /// How many points there are.
    public var count: Int { ring.count }

    /// A point by its age: 0 is the oldest.
    public subscript(_ index: Int) -> Point { ring[(start + index) % ring.count] }

    /// Adds the newest point; the oldest goes when the line is full, and a point that is not finite is ignored.
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

    /// Forgets all points and keeps the memory.
    public mutating func removeAll() {
        ring.removeAll(keepingCapacity: true)
        start = 0
    }
}

/// Polygon in pixels of the upright frame.
///
/// A point is inside by the even–odd rule. Edges are half-open: of two polygons that share an edge, exactly one
/// contains a point of it.
public struct Polygon: Hashable, Sendable {
    /// Corners in order, at least three.
    public let points: [GridPoint]
    private let left: Int
    private let top: Int
    private let right: Int
    private let bottom: Int

    /// Creates a polygon from its corners; nil for fewer than three.
    public init?(_ points: [GridPoint]) {
        guard points.count >= 3 else { return nil }
        self.points = points
        left = points.map(\.x).min() ?? 0
        top = points.map(\.y).min() ?? 0
        right = points.map(\.x).max() ?? 0
        bottom = points.map(\.y).max() ?? 0
    }

    /// True for a point inside.
    public func contains(_ point: GridPoint) -> Bool {
        guard point.x >= left, point.x <= right, point.y >= top, point.y <= bottom else {
            return false
        }
        var isInside = false
        var before = points[points.count - 1]
        for corner in points {
            if (before.y > point.y) != (corner.y > point.y) {
                let (upper, lower) = before.y < corner.y ? (before, corner) : (corner, before)
                if point.isRight(from: upper, to: lower) { isInside.toggle() }
            }
            before = corner
        }
        return isInside
    }
}

/// Place in fractions of the frame, x to the right, y downwards, each 0 to 1.
public struct FramePoint: Hashable, Sendable {
    /// Distance from the left edge, as a fraction of the width.
    public var x: Double
    /// Distance from the upper edge, as a fraction of the height.
    public var y: Double

    /// Creates a place from its coordinates.
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    /// The place on the grid of a frame; the origin for coordinates that are not finite.
    public func gridPoint(frameWidth: Int, frameHeight: Int) -> GridPoint {
        let place = GridPoint(x: x * Double(frameWidth), y: y * Double(frameHeight))
        return place ?? FramePoint(x: 0, y: 0).gridPoint(frameWidth: 1, frameHeight: 1)
    }
}

extension [FramePoint] {
    /// True when a line of these points meets itself, except at the common points of successive edges.
    ///
    /// `isClosed` joins the last point to the first, as in a polygon.
    public func meetsItself(isClosed: Bool) -> Bool {
        let corners = map { $0.gridPoint(frameWidth: 1 << 14, frameHeight: 1 << 14) }
        let edges = zip(corners, corners.dropFirst() + (isClosed ? corners.prefix(1) : []))
            .map { Edge(start: $0, end: $1) }
        for (index, edge) in edges.enumerated() {
            for (distance, other) in edges[(index + 1)...].enumerated() {
                let isNext = distance == 0
                let isPrevious = isClosed && index == 0 && distance + 2 == edges.count
                if isNext && edge.foldsBack(to: other) { return true }
                if isPrevious && other.foldsBack(to: edge) { return true }
                if !isNext && !isPrevious && edge.meets(other) { return true }
            }
        }
        return false
    }
}

/// Straight edge between two points.
private struct Edge {
    let start: GridPoint
    let end: GridPoint

    /// True when the next edge lies on this one.
    func foldsBack(to next: Edge) -> Bool {
        let along = (end.x - start.x) * (next.end.x - next.start.x)
        let across = (end.y - start.y) * (next.end.y - next.start.y)
        return next.end.area(from: start, to: end) == 0 && along + across < 0
    }

    /// True when the edges have a common point.
    func meets(_ other: Edge) -> Bool {
        let sides = (side(of: other.start), side(of: other.end))
        let otherSides = (other.side(of: start), other.side(of: end))
        if sides == (0, 0) {
            return overlaps(other, \.x) && overlaps(other, \.y)
        }
        return sides.0 != sides.1 && otherSides.0 != otherSides.1
    }

    private func side(of point: GridPoint) -> Int { point.area(from: start, to: end).signum() }

    private func overlaps(_ other: Edge, _ path: KeyPath<GridPoint, Int>) -> Bool {
        let own = [start[keyPath: path], end[keyPath: path]].sorted()
        let others = [other.start[keyPath: path], other.end[keyPath: path]].sorted()
        return max(own[0], others[0]) <= min(own[1], others[1])
    }
}

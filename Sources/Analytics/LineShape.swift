internal import Scene

/// A line in one frame size: the geometry of its segments.
struct LineShape: Sendable {
    private let points: [GridPoint]
    private let left: Int
    private let top: Int
    private let right: Int
    private let bottom: Int

    /// Creates the shape of a line; points equal to their predecessor are left out.
    init(_ line: Line, frameWidth: Int, frameHeight: Int) {
        var points: [GridPoint] = []
        for place in line.points {
            let point = place.gridPoint(frameWidth: frameWidth, frameHeight: frameHeight)
            if point != points.last { points.append(point) }
        }
        self.points = points
        left = points.map(\.x).min() ?? 0
        top = points.map(\.y).min() ?? 0
        right = points.map(\.x).max() ?? 0
        bottom = points.map(\.y).max() ?? 0
    }

    /// Distance of a point in pixels from the nearest segment, extended: positive on the right side.
    ///
    /// Near a joint both segments are equally near; the one seen at the wider angle tells the side.
    func distance(to point: GridPoint) -> Double {
        guard points.count > 1 else { return 0 }
        if points.count == 2 { return Self.offset(of: point, points[0], points[1]) }
        var nearest = Double.infinity
        var offset = 0.0
        for index in 1..<points.count {
            let (start, end) = (points[index - 1], points[index])
            let square = Self.squaredDistance(of: point, start, end)
            let other = Self.offset(of: point, start, end)
            let isTie = abs(square - nearest) <= 1e-9 * (square + 1)
            if isTie ? abs(other) > abs(offset) : square < nearest { offset = other }
            nearest = min(nearest, square)
        }
        return offset
    }

    /// Number of segments that a step crosses, and the position of the last crossing along it, 0 to 1.
    func crossings(from start: GridPoint, to end: GridPoint) -> (count: Int, last: Double) {
        guard start != end, mayMeet(start, end) else { return (0, 0) }
        var (count, last) = (0, 0.0)
        var wasRight = points[0].isRight(ofStepFrom: start, to: end)
        for index in 1..<max(points.count, 1) {
            let (from, to) = (points[index - 1], points[index])
            let isRight = to.isRight(ofStepFrom: start, to: end)
            if isRight != wasRight,
                start.isRight(from: from, to: to) != end.isRight(from: from, to: to)
            {
                count += 1
                last = max(last, Self.position(start, end, from, to))
            }
            wasRight = isRight
        }
        return (count, last)
    }

    private func mayMeet(_ start: GridPoint, _ end: GridPoint) -> Bool {
        points.count > 1 && min(start.x, end.x) <= right && max(start.x, end.x) >= left
            && min(start.y, end.y) <= bottom && max(start.y, end.y) >= top
    }

    private static func position(
        _ start: GridPoint, _ end: GridPoint, _ from: GridPoint, _ to: GridPoint
    ) -> Double {
        let before = Double(start.area(from: from, to: to))
        let after = Double(end.area(from: from, to: to))
        return before == after ? 0 : min(max(before / (before - after), 0), 1)
    }

    private static func offset(
        of point: GridPoint, _ start: GridPoint, _ end: GridPoint
    ) -> Double {
        let (x, y) = (Double(end.x - start.x), Double(end.y - start.y))
        return Double(point.area(from: start, to: end)) / (x * x + y * y).squareRoot()
            / Double(GridPoint.unitsPerPixel)
    }

    private static func squaredDistance(
        of point: GridPoint, _ start: GridPoint, _ end: GridPoint
    ) -> Double {
        let (x, y) = (Double(end.x - start.x), Double(end.y - start.y))
        let (fromX, fromY) = (Double(point.x - start.x), Double(point.y - start.y))
        let share = min(max((x * fromX + y * fromY) / (x * x + y * y), 0), 1)
        let (missX, missY) = (fromX - share * x, fromY - share * y)
        return missX * missX + missY * missY
    }
}

internal import Scene

/// A line in one frame size: the geometry of its segments.
struct LineShape: Sendable {
    /// Point of a box that crosses.
    let anchor: Anchor
    /// Band as a fraction of the box's shorter side.
    let band: Double
    private let segments: [Segment]
    private let left: Int
    private let top: Int
    private let right: Int
    private let bottom: Int

    private struct Segment: Sendable {
        let start: GridPoint
        let end: GridPoint
        let x: Double
        let y: Double
        /// Inverse of the squared length.
        let inverseSquare: Double
        /// Inverse of the length, in pixels per unit of area.
        let inverseLength: Double

        init(_ start: GridPoint, _ end: GridPoint) {
            (self.start, self.end) = (start, end)
            (x, y) = (Double(end.x - start.x), Double(end.y - start.y))
            inverseSquare = 1 / (x * x + y * y)
            inverseLength = 1 / ((x * x + y * y).squareRoot() * Double(GridPoint.unitsPerPixel))
        }

        /// Distance from the extended segment in pixels, positive on the right side.
        func offset(of point: GridPoint) -> Double {
            Double(point.area(from: start, to: end)) * inverseLength
        }

        /// Squared distance from the segment in units.
        func squaredDistance(of point: GridPoint) -> Double {
            let (fromX, fromY) = (Double(point.x - start.x), Double(point.y - start.y))
            let share = min(max((x * fromX + y * fromY) * inverseSquare, 0), 1)
            let (missX, missY) = (fromX - share * x, fromY - share * y)
            return missX * missX + missY * missY
        }
    }

    /// Creates the shape of a line; points equal to their predecessor are left out.
    init(_ line: Line, frameWidth: Int, frameHeight: Int) {
        var points: [GridPoint] = []
        for place in line.points {
            let point = place.gridPoint(frameWidth: frameWidth, frameHeight: frameHeight)
            if point != points.last { points.append(point) }
        }
        anchor = line.anchor
        band = line.band
        segments = zip(points, points.dropFirst()).map { Segment($0, $1) }
        left = points.map(\.x).min() ?? 0
        top = points.map(\.y).min() ?? 0
        right = points.map(\.x).max() ?? 0
        bottom = points.map(\.y).max() ?? 0
    }

    /// Distance of a point in pixels from the nearest segment, extended: positive on the right side.
    ///
    /// Near a joint both segments are equally near; the one seen at the wider angle tells the side.
    func distance(to point: GridPoint) -> Double {
        if segments.count == 1 { return segments[0].offset(of: point) }
        var nearest = Double.infinity
        var offset = 0.0
        for segment in segments {
            let square = segment.squaredDistance(of: point)
            guard square <= nearest * (1 + 1e-9) + 1e-9 else { continue }
            let other = segment.offset(of: point)
            let isTie = square >= nearest * (1 - 1e-9) - 1e-9
            if !isTie || abs(other) > abs(offset) { offset = other }
            nearest = min(nearest, square)
        }
        return offset
    }

    /// Number of segments that a step crosses, and the position of the last crossing along it, 0 to 1.
    func crossings(from start: GridPoint, to end: GridPoint) -> (count: Int, last: Double) {
        guard mayMeet(start, end), start != end else { return (0, 0) }
        var (count, last) = (0, 0.0)
        for segment in segments {
            let (from, to) = (segment.start, segment.end)
            guard start.isRight(from: from, to: to) != end.isRight(from: from, to: to),
                from.isRight(ofStepFrom: start, to: end) != to.isRight(ofStepFrom: start, to: end)
            else { continue }
            count += 1
            last = max(last, Self.position(start, end, from, to))
        }
        return (count, last)
    }

    private func mayMeet(_ start: GridPoint, _ end: GridPoint) -> Bool {
        min(start.x, end.x) <= right && max(start.x, end.x) >= left
            && min(start.y, end.y) <= bottom && max(start.y, end.y) >= top
    }

    private static func position(
        _ start: GridPoint, _ end: GridPoint, _ from: GridPoint, _ to: GridPoint
    ) -> Double {
        let before = Double(start.area(from: from, to: to))
        let after = Double(end.area(from: from, to: to))
        return before == after ? 0 : min(max(before / (before - after), 0), 1)
    }
}

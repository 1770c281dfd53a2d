internal import Pixels

/// Zone or line that is drawn on a frame, with a text such as its counts.
public struct OverlayShape: Hashable, Sendable {
    /// Points in order, in pixels of the frame.
    public var points: [Polyline.Point]
    /// True for a polygon, whose last point is joined to its first.
    public var isClosed: Bool
    /// Text beside the shape; none when empty.
    public var text: String
    /// True to draw an arrow to the left side of the walk along the line.
    public var showsArrow: Bool
    /// True to draw in a strong colour, such as a zone that holds objects.
    public var isActive: Bool

    /// Creates a shape from its parts.
    public init(
        points: [Polyline.Point], isClosed: Bool, text: String = "", showsArrow: Bool = false,
        isActive: Bool = false
    ) {
        self.points = points
        self.isClosed = isClosed
        self.text = text
        self.showsArrow = showsArrow
        self.isActive = isActive
    }
}

extension OverlayRenderer {
    /// Draws the outline of a shape and its arrow: a light line on a wider dark one.
    mutating func drawShape(_ shape: OverlayShape, on picture: inout MutablePicture) {
        guard shape.points.count > 1, shape.points.allSatisfy({ $0.x.isFinite && $0.y.isFinite })
        else { return }
        let radius = max(Float(sizes.line) * 0.5, 0.75)
        let light = shape.isActive ? canvas.inks[canvas.inks.count / 2] : canvas.white
        for (ink, radius) in [(canvas.black, radius + 1), (light, radius)] {
            var from = shape.isClosed ? shape.points[shape.points.count - 1] : shape.points[0]
            for point in shape.points {
                if point != from { draw(from, point, radius, ink, on: &picture) }
                from = point
            }
            if shape.showsArrow { drawArrow(of: shape, radius, ink, on: &picture) }
        }
    }

    /// Draws the text of a shape on a dark panel beside its place, clear of earlier texts.
    mutating func drawText(of shape: OverlayShape, on picture: inout MutablePicture) {
        guard !shape.text.isEmpty, let anchor = Self.textAnchor(of: shape) else { return }
        text.removeAll()
        text.append(shape.text)
        let around = PixelRect(
            left: Int(anchor.x), top: Int(anchor.y), width: 1, height: 1)
        let whole = PixelRect(
            left: 0, top: 0, right: picture.picture.width, bottom: picture.picture.height)
        let place = placer.place(
            width: glyphs.width(of: text) + 2 * padding, height: lineHeight, outline: around,
            line: sizes.line, in: whole)
        canvas.fill(place, canvas.black, opacity: 170, on: &picture)
        write(
            at: place.left + padding, baseline: place.top + glyphs.extent.ascent, canvas.white,
            on: &picture)
    }

    /// Place of the text: the first point of a line, the highest corner of a zone.
    private static func textAnchor(of shape: OverlayShape) -> Polyline.Point? {
        let point = shape.isClosed ? shape.points.min { $0.y < $1.y } : shape.points.first
        guard let point, abs(point.x) < 1e6, abs(point.y) < 1e6 else { return nil }
        return point
    }

    /// Draws an arrow from the middle of the longest segment to its left side.
    private mutating func drawArrow(
        of shape: OverlayShape, _ radius: Float, _ ink: Ink, on picture: inout MutablePicture
    ) {
        let segments = zip(shape.points, shape.points.dropFirst())
        guard let (start, end) = segments.max(by: { Self.length($0) < Self.length($1) }),
            case let length = Self.length((start, end)), length > 0
        else { return }
        let size = 1.5 * Float(sizes.textHeight)
        let (alongX, alongY) = ((end.x - start.x) / length, (end.y - start.y) / length)
        let (leftX, leftY) = (alongY, -alongX)
        let middle = Polyline.Point(x: (start.x + end.x) / 2, y: (start.y + end.y) / 2)
        let tip = Polyline.Point(x: middle.x + size * leftX, y: middle.y + size * leftY)
        draw(middle, tip, radius, ink, on: &picture)
        for side: Float in [-1, 1] {
            let barb = Polyline.Point(
                x: tip.x - size * 0.4 * leftX + side * size * 0.3 * alongX,
                y: tip.y - size * 0.4 * leftY + side * size * 0.3 * alongY)
            draw(tip, barb, radius, ink, on: &picture)
        }
    }

    private static func length(_ segment: (Polyline.Point, Polyline.Point)) -> Float {
        let (x, y) = (segment.1.x - segment.0.x, segment.1.y - segment.0.y)
        return (x * x + y * y).squareRoot()
    }

    private mutating func draw(
        _ start: Polyline.Point, _ end: Polyline.Point, _ radius: Float, _ ink: Ink,
        on picture: inout MutablePicture
    ) {
        guard
            let stroke = Stroke(
                from: start, to: end, radius: radius, width: picture.picture.width,
                height: picture.picture.height)
        else { return }
        canvas.draw(stroke, ink, on: &picture)
    }
}

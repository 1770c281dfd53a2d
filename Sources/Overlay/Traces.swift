internal import Pixels
internal import Scene

extension OverlayRenderer {
    /// Draws the recent path of an object; it grows thicker towards the newest point.
    mutating func drawTrace(
        of object: TrackedObject, _ trail: (TrackedObject, inout Polyline) -> Void,
        on picture: inout MutablePicture
    ) {
        trace.removeAll()
        trail(object, &trace)
        let ink = canvas.inks[colorIndex(of: object)]
        var last = 0
        for index in 0..<trace.count where index > 0 {
            // Antialiased edges of overlapping points would add up.
            if isNear(trace[last], trace[index]) && index + 1 < trace.count { continue }
            if let stroke = Stroke(
                from: trace[last], to: trace[index], radius: traceRadius(index),
                width: picture.picture.width, height: picture.picture.height)
            {
                canvas.draw(stroke, ink, on: &picture)
            }
            last = index
        }
    }

    private func isNear(_ one: Polyline.Point, _ other: Polyline.Point) -> Bool {
        let reach = 2 * Float(sizes.line)
        return abs(one.x - other.x) < reach && abs(one.y - other.y) < reach
    }

    /// Radius of the path at a point: from two fifths of the line width at the oldest to the full width.
    private func traceRadius(_ index: Int) -> Float {
        let age = Float(index) / Float(trace.count - 1)
        return max(Float(sizes.line) * (0.2 + 0.3 * age), 0.5)
    }
}

/// Line segment with round ends, clipped to a picture.
struct Stroke: Hashable, Sendable {
    private let startX: Float
    private let startY: Float
    private let endX: Float
    private let endY: Float
    private let radius: Float

    /// Clips a segment to a picture of the given size; nil when it is outside.
    init?(
        from start: Polyline.Point, to end: Polyline.Point, radius: Float, width: Int, height: Int
    ) {
        var visible = Interval(low: 0, high: 1)
        let margin = Double(radius) + 2
        let slopeX = Double(end.x) - Double(start.x)
        let slopeY = Double(end.y) - Double(start.y)
        visible.clip(Double(start.x), slopeX, -margin, Double(width) + margin)
        visible.clip(Double(start.y), slopeY, -margin, Double(height) + margin)
        guard visible.low <= visible.high else { return nil }
        startX = Float(Double(start.x) + visible.low * slopeX)
        startY = Float(Double(start.y) + visible.low * slopeY)
        endX = Float(Double(start.x) + visible.high * slopeX)
        endY = Float(Double(start.y) + visible.high * slopeY)
        self.radius = radius
        // Rounding of very large coordinates may move the segment off the picture.
        let bound = Float(max(width, height)) + 4 * radius + 16
        guard abs(startX) < bound, abs(startY) < bound, abs(endX) < bound, abs(endY) < bound
        else { return nil }
    }

    /// Bounding rectangle of the covered pixels.
    var bounds: PixelRect {
        let reach = radius + 1
        return PixelRect(
            left: Int((min(startX, endX) - reach).rounded(.down)),
            top: Int((min(startY, endY) - reach).rounded(.down)),
            right: Int((max(startX, endX) + reach).rounded(.up)),
            bottom: Int((max(startY, endY) + reach).rounded(.up)))
    }

    /// Range of columns in one row that may be covered.
    func columns(_ y: Int) -> Range<Int> {
        let reach = Double(radius) + 1
        var near = Interval(low: 0, high: 1)
        let middle = Double(y) + 0.5
        near.clip(Double(startY), Double(endY - startY), middle - reach, middle + reach)
        guard near.low <= near.high else { return 0..<0 }
        let first = Double(startX) + near.low * Double(endX - startX)
        let last = Double(startX) + near.high * Double(endX - startX)
        let low = (min(first, last) - reach).rounded(.down)
        return Int(low)..<Int((max(first, last) + reach).rounded(.up))
    }

    /// Coverage of a pixel, 0 to 255, from the distance of its centre to the line.
    func coverage(_ x: Int, _ y: Int) -> UInt8 {
        let alongX = endX - startX
        let alongY = endY - startY
        let offsetX = Float(x) + 0.5 - startX
        let offsetY = Float(y) + 0.5 - startY
        let length = alongX * alongX + alongY * alongY
        let position =
            length > 0 ? ((offsetX * alongX + offsetY * alongY) / length).clamped(0, 1) : 0
        let missX = offsetX - position * alongX
        let missY = offsetY - position * alongY
        let distance = (missX * missX + missY * missY).squareRoot()
        return UInt8(((radius + 0.5 - distance).clamped(0, 1) * 255).rounded())
    }
}

/// Closed range of positions along a line; empty when `low` exceeds `high`.
private struct Interval {
    var low: Double
    var high: Double

    /// Restricts the range to positions t with `start + t · slope` between two bounds.
    mutating func clip(_ start: Double, _ slope: Double, _ least: Double, _ most: Double) {
        guard slope != 0 else {
            if start < least || start > most { high = -1 }
            return
        }
        let first = (least - start) / slope
        let second = (most - start) / slope
        low = max(low, min(first, second))
        high = min(high, max(first, second))
    }
}

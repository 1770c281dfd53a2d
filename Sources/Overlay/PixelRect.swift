internal import Scene

/// Rectangle of whole pixels; empty unless right > left and bottom > top.
struct PixelRect: Hashable, Sendable {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int

    var width: Int { right - left }
    var height: Int { bottom - top }
    var isEmpty: Bool { width <= 0 || height <= 0 }
    var columns: Range<Int> { left..<max(left, right) }
    var rows: Range<Int> { top..<max(top, bottom) }

    init(left: Int, top: Int, right: Int, bottom: Int) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }

    /// Rounds a box to whole pixels, at least one each way; nil unless the box is finite and of positive extent.
    init?(_ box: Box) {
        guard box.width > 0, box.height > 0,
            let left = pixel(box.x), let top = pixel(box.y),
            let right = pixel(box.right), let bottom = pixel(box.bottom)
        else { return nil }
        self.init(left: left, top: top, right: max(right, left + 1), bottom: max(bottom, top + 1))
    }

    init(left: Int, top: Int, width: Int, height: Int) {
        self.init(left: left, top: top, right: left + width, bottom: top + height)
    }

    /// The rectangle moved inside `other` by the smallest distance; if too large it extends beyond the right or bottom.
    func movedInside(_ other: PixelRect) -> PixelRect {
        PixelRect(
            left: max(min(left, other.right - width), other.left),
            top: max(min(top, other.bottom - height), other.top), width: width, height: height)
    }

    func grown(x: Int, y: Int) -> PixelRect {
        PixelRect(left: left - x, top: top - y, right: right + x, bottom: bottom + y)
    }

    func intersection(_ other: PixelRect) -> PixelRect {
        PixelRect(
            left: max(left, other.left), top: max(top, other.top), right: min(right, other.right),
            bottom: min(bottom, other.bottom))
    }

    func meets(_ other: PixelRect) -> Bool {
        !intersection(other).isEmpty
    }
}

/// Nearest whole pixel, clamped so that sums cannot overflow; nil for a non-finite coordinate.
func pixel(_ coordinate: Float) -> Int? {
    guard coordinate.isFinite else { return nil }
    return Int(min(max(coordinate, -1_000_000), 1_000_000).rounded())
}

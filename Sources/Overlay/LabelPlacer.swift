/// Positions the labels of a frame inside the picture with as little overlap as possible.
struct LabelPlacer: Sendable {
    /// Maximum number of reserved rectangles; further labels may overlap.
    static let capacity = 256

    private var reserved: [PixelRect] = []

    init() {
        reserved.reserveCapacity(LabelPlacer.capacity)
    }

    /// Clears the reserved rectangles of the previous frame.
    mutating func removeAll() {
        reserved.removeAll(keepingCapacity: true)
    }

    /// Reserves a rectangle that later labels avoid.
    mutating func reserve(_ rect: PixelRect) {
        if reserved.count < LabelPlacer.capacity { reserved.append(rect) }
    }

    /// Positions a label of the given size at an object's outline and reserves its rectangle.
    ///
    /// Candidates in order: above the outline, inside at the top, below, inside at the bottom, each left-aligned and
    /// then right-aligned. The first free one wins; if none is free, the least covered one.
    mutating func place(
        width: Int, height: Int, outline: PixelRect, line: Int, in picture: PixelRect
    ) -> PixelRect {
        let tops: InlineArray<4, Int> = [
            outline.top - height, outline.top + line, outline.bottom,
            outline.bottom - line - height,
        ]
        let lefts: InlineArray<2, Int> = [outline.left, outline.right - width]
        var best: PixelRect?
        var leastCovered = Int.max
        for row in tops.indices {
            for column in lefts.indices {
                let candidate = PixelRect(
                    left: lefts[column], top: tops[row], width: width, height: height)
                let place = candidate.movedInside(picture)
                guard place.top == candidate.top else { continue }
                let covered = coveredArea(place)
                if covered < leastCovered {
                    best = place
                    leastCovered = covered
                }
            }
        }
        let chosen =
            best
            ?? PixelRect(left: outline.left, top: outline.top, width: width, height: height)
            .movedInside(picture)
        reserve(chosen)
        return chosen
    }

    /// Number of pixels that a label would share with reserved rectangles.
    private func coveredArea(_ rect: PixelRect) -> Int {
        var area = 0
        for other in reserved {
            let common = rect.intersection(other)
            if !common.isEmpty { area += common.width * common.height }
        }
        return area
    }
}

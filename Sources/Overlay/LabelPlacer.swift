/// Finds a place for each label of a frame: inside the picture, and where possible on no other label.
struct LabelPlacer: Sendable {
    /// Labels that are kept clear of; a frame with more is too full to be tidy anyway.
    static let capacity = 256

    private var taken: [PixelRect] = []

    init() {
        taken.reserveCapacity(LabelPlacer.capacity)
    }

    /// Forgets the labels of the last frame.
    mutating func removeAll() {
        taken.removeAll(keepingCapacity: true)
    }

    /// Keeps later labels off a part of the picture.
    mutating func take(_ rect: PixelRect) {
        if taken.count < LabelPlacer.capacity { taken.append(rect) }
    }

    /// The place for a label of that size at the object whose drawn outline is `outline`.
    ///
    /// Tried in this order: above the outline, inside it at the top, below it, inside it at the bottom, each at
    /// the left and then at the right end. The first that is free wins, and if none is, the least covered one.
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
                let wish = PixelRect(
                    left: lefts[column], top: tops[row], width: width, height: height)
                let place = wish.movedInside(picture)
                guard place.top == wish.top else { continue }
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
        take(chosen)
        return chosen
    }

    /// Pixels that a label would share with earlier ones.
    private func coveredArea(_ rect: PixelRect) -> Int {
        var area = 0
        for other in taken {
            let common = rect.intersection(other)
            if !common.isEmpty { area += common.width * common.height }
        }
        return area
    }
}

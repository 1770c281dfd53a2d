import Analytics
import Scene

/// Brute-force answer to the rules for lines, for whole walks, in rational numbers.
///
/// Every observed point is moved by (2⁻¹⁶, 2⁻³²) units, so that nothing ever touches; 128 bits hold all products.
struct LineOracle {
    typealias Number = Int128
    typealias Place = (x: Number, y: Number)

    /// Points of the line and of the walk in units of the grid.
    var line: [(x: Int, y: Int)]
    var walk: [(x: Int, y: Int)]
    var size: Int
    var band: Int
    var fps: Double

    private static let scale: Number = 1 << 32

    /// Directions of all crossings, those of ended tracks last.
    var directions: [Direction] {
        var found: [Direction] = []
        for stretch in stretches {
            let settled = stretch.filter { isSettled(walk[$0]) }
            for (before, after) in zip(settled, settled.dropFirst()) {
                let (from, to) = (isRight(walk[before]), isRight(walk[after]))
                guard from != to, crossings(before..<after) % 2 == 1 else { continue }
                found.append(to ? .out : .in)
            }
            guard stretch.upperBound == walk.count else { continue }
            let start = settled.last ?? stretch.lowerBound
            let tail = start..<stretch.upperBound
            guard tail.count > 1, crossings(start..<stretch.upperBound - 1) == 1 else { continue }
            let first =
                settled.last.map { observationsBefore($0, in: stretch) } ?? (left: 0, right: 0)
            let right = tail.count { isClear($0, true) } + first.right
            let left = tail.count { isClear($0, false) } + first.left
            guard right >= 2, left >= 2 else { continue }
            let last = tail.last { isClear($0, true) || isClear($0, false) } ?? start
            found.append(isRight(walk[last]) ? .out : .in)
        }
        return found
    }

    /// True for an observation on one side, two pixels or more from the line.
    private func isClear(_ index: Int, _ isOnRight: Bool) -> Bool {
        isRight(walk[index]) == isOnRight && isBeyond(512, walk[index])
    }

    /// Observations on the side of a settling before it, back to the settling on the other side.
    private func observationsBefore(
        _ index: Int, in stretch: Range<Int>
    ) -> (left: Int, right: Int) {
        let side = isRight(walk[index])
        let other = stretch.filter {
            $0 < index && isSettled(walk[$0]) && isRight(walk[$0]) != side
        }
        let start = other.last.map { $0 + 1 } ?? stretch.lowerBound
        let count = (start..<index).count { isClear($0, side) }
        return side ? (0, count) : (count, 0)
    }

    /// Parts of the walk without a broken step.
    private var stretches: [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        for index in walk.indices.dropFirst() {
            let (x, y) = (walk[index].x - walk[index - 1].x, walk[index].y - walk[index - 1].y)
            let reach = (2 + 6 / fps) * Double(size)
            if Double(x * x + y * y) > reach * reach {
                ranges.append(start..<index)
                start = index
            }
        }
        return ranges + [start..<walk.count]
    }

    private func crossings(_ steps: Range<Int>) -> Int {
        steps.reduce(0) { sum, step in
            sum
                + zip(line, line.dropFirst()).count {
                    Self.meet(moved(walk[step]), moved(walk[step + 1]), fixed($0), fixed($1))
                }
        }
    }

    private func fixed(_ place: (x: Int, y: Int)) -> Place {
        (Number(place.x) * Self.scale, Number(place.y) * Self.scale)
    }

    private func moved(_ place: (x: Int, y: Int)) -> Place {
        (Number(place.x) * Self.scale + (1 << 16), Number(place.y) * Self.scale + 1)
    }

    /// True when two segments cross, by solving for both positions.
    private static func meet(_ p: Place, _ q: Place, _ a: Place, _ b: Place) -> Bool {
        let step = (q.x - p.x, q.y - p.y)
        let edge = (b.x - a.x, b.y - a.y)
        let between = (a.x - p.x, a.y - p.y)
        let divisor = step.0 * edge.1 - step.1 * edge.0
        let along = between.0 * edge.1 - between.1 * edge.0
        let across = between.0 * step.1 - between.1 * step.0
        func isWithin(_ value: Number) -> Bool {
            divisor > 0 ? value > 0 && value < divisor : value < 0 && value > divisor
        }
        return divisor != 0 && isWithin(along) && isWithin(across)
    }

    /// Twice the area over the nearest segment, and the segment's squared length.
    private func nearest(_ place: (x: Int, y: Int)) -> (area: Number, square: Number) {
        typealias Fraction = (top: Number, bottom: Number)
        var best: (distance: Fraction, area: Number, square: Number)?
        for (a, b) in zip(line, line.dropFirst()) {
            let (x, y) = (Number(b.x - a.x), Number(b.y - a.y))
            let (u, v) = (Number(place.x - a.x), Number(place.y - a.y))
            let (square, along, area) = (x * x + y * y, x * u + y * v, x * v - y * u)
            let end = (u - x) * (u - x) + (v - y) * (v - y)
            let distance: Fraction =
                along <= 0
                ? (u * u + v * v, 1) : along >= square ? (end, 1) : (area * area, square)
            guard let present = best else {
                best = (distance, area, square)
                continue
            }
            let difference =
                distance.top * present.distance.bottom - present.distance.top * distance.bottom
            let isWider = area * area * present.square > present.area * present.area * square
            if difference < 0 || (difference == 0 && isWider) { best = (distance, area, square) }
        }
        return best.map { ($0.area, $0.square) } ?? (0, 1)
    }

    private func isSettled(_ place: (x: Int, y: Int)) -> Bool { isBeyond(band, place) }

    private func isBeyond(_ limit: Int, _ place: (x: Int, y: Int)) -> Bool {
        let (area, square) = nearest(place)
        return area * area >= Number(limit) * Number(limit) * square
    }

    private func isRight(_ place: (x: Int, y: Int)) -> Bool { nearest(place).area > 0 }
}

internal import Scene

/// One observation of an object, as the rules for lines and zones need it.
struct Evidence: Sendable {
    /// Monotonic time in seconds.
    var time: Double
    /// Square root of the box's area, in pixels.
    var size: Double
    /// Shorter side of the box, in pixels.
    var shorterSide: Double
}

/// Memory of one object at one line: its last observation and the side on which it is settled.
///
/// Rules for lines: within the band of the line an object keeps the side on which it was settled. When it settles on
/// the other side it counts once, if its path crossed the segments an odd number of times since it was last settled. A
/// path around the line's end crosses none. A step that is too long in time or space crosses nothing, and the object
/// must settle again.
struct LineTrack: Sendable {
    /// Outcome of one observation.
    enum Outcome: Sendable {
        case nothing
        /// A broken step across the line, which does not count.
        case jump
        case crossing(Passage)
    }

    /// Step on which an object crossed a line.
    struct Passage: Hashable, Sendable {
        var direction: Direction
        /// Monotonic time in seconds.
        var time: Double
        var x: Double
        var y: Double
        /// Velocity in pixels a second.
        var velocityX: Double
        var velocityY: Double
    }

    private struct Step {
        var start: GridPoint
        var end: GridPoint
        var from: Double
        var to: Double
    }

    private var last: GridPoint?
    private var evidence = Evidence(time: 0, size: 0, shorterSide: 0)
    /// Side of the last settling: true for the right one; nil before the first.
    private var settled: Bool?
    /// Crossed segments since the last settling, at most ``countLimit``, which keeps its parity.
    private var crossed: UInt8 = 0
    private var passage: Passage?
    /// Observations clear of the line on each side, at most two; none once settled on the other.
    private var seen: (left: UInt8, right: UInt8) = (0, 0)
    private var isLastRight = false

    private static let countLimit: UInt8 = 200

    /// Longest step in sizes of the object: this much at once, and this much per second.
    private static let stepLimit = (sizes: 2.0, sizesPerSecond: 6.0)
    /// Narrowest band in pixels.
    private static let leastBand = 2.0

    /// Takes an observation into account.
    ///
    /// - Parameters:
    ///   - point: Anchor of the object's box before clipping.
    ///   - now: Time and size of the box.
    ///   - shape: Line in the present frame size.
    ///   - memory: Longest step in seconds.
    /// - Returns: A crossing, if the object settled on the other side.
    mutating func observe(
        _ point: GridPoint, _ now: Evidence, _ shape: LineShape, memory: Double
    ) -> Outcome {
        var isJump = false
        if let before = last {
            let crossed = shape.crossings(from: before, to: point)
            if isBroken(from: before, to: point, now, memory) {
                isJump = crossed.count % 2 == 1
                self = LineTrack()
            } else if crossed.count > 0 {
                self.crossed = Self.sum(self.crossed, crossed.count)
                let step = Step(start: before, end: point, from: evidence.time, to: now.time)
                passage = Self.passage(step, at: crossed.last)
            }
        }
        last = point
        evidence = now
        let outcome = settle(
            shape.distance(to: point), max(shape.band * now.shorterSide, Self.leastBand))
        return isJump ? .jump : outcome
    }

    /// Crossing of a track that ended between the bands: one only, two observations on either side.
    ///
    /// An object parked on the line crosses it many times, or stays within its least band.
    func end() -> Passage? {
        guard crossed == 1, seen.left >= 2, seen.right >= 2, var passage else { return nil }
        passage.direction = isLastRight ? .out : .in
        return passage
    }

    private static func sum(_ count: UInt8, _ more: Int) -> UInt8 {
        let sum = Int(count) + more
        return UInt8(sum <= Int(countLimit) ? sum : Int(countLimit) - (sum & 1))
    }

    private mutating func settle(_ distance: Double, _ band: Double) -> Outcome {
        let isRight = distance > 0
        if abs(distance) >= Self.leastBand {
            isLastRight = isRight
            if isRight {
                seen.right = min(seen.right + 1, 2)
            } else {
                seen.left = min(seen.left + 1, 2)
            }
        }
        guard abs(distance) >= band else { return .nothing }
        defer {
            settled = isRight
            crossed = 0
            if isRight { seen.left = 0 } else { seen.right = 0 }
        }
        guard let before = settled, before != isRight, crossed % 2 == 1, var passage else {
            return .nothing
        }
        passage.direction = isRight ? .out : .in
        return .crossing(passage)
    }

    /// True for a step longer than the tracker's memory, or farther than an object moves.
    private func isBroken(
        from start: GridPoint, to end: GridPoint, _ now: Evidence, _ memory: Double
    ) -> Bool {
        let seconds = now.time - evidence.time
        guard seconds <= memory else { return true }
        let (x, y) = (end.pixelX - start.pixelX, end.pixelY - start.pixelY)
        let sizes = Self.stepLimit.sizes + Self.stepLimit.sizesPerSecond * seconds
        let reach = sizes * max(evidence.size, now.size)
        return x * x + y * y > reach * reach
    }

    private static func passage(_ step: Step, at share: Double) -> Passage {
        let (x, y) = (step.start.pixelX, step.start.pixelY)
        let (alongX, alongY) = (step.end.pixelX - x, step.end.pixelY - y)
        let seconds = step.to - step.from
        return Passage(
            direction: .in, time: step.from + share * seconds, x: x + share * alongX,
            y: y + share * alongY, velocityX: seconds > 0 ? alongX / seconds : 0,
            velocityY: seconds > 0 ? alongY / seconds : 0)
    }
}

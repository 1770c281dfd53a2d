import Analytics
import Scene
import TestSupport
import Testing

/// Properties of the rules for lines on random polylines and walks.
struct LinePropertyTests {
    /// Seeds of one property: ten thousand in optimised builds, a tenth of them otherwise.
    private static let seeds = isOptimized ? 10_000 : 1000

    /// A random line and walk, in units of the grid.
    struct Course {
        var line: [(x: Int, y: Int)]
        var walk: [(x: Int, y: Int)]
        var size = 40.0
        var fps = 30.0
        var side = Walk.side

        init(seed: Int, spacing: Int, steps: Int = 14, segments: ClosedRange<Int> = 1...4) {
            var generator = SeededGenerator(seed: UInt64(seed))
            func place() -> (x: Int, y: Int) {
                let range = 0...(96 * 256 / spacing)
                return (
                    Int.random(in: range, using: &generator) * spacing,
                    Int.random(in: range, using: &generator) * spacing
                )
            }
            (line, walk) = ([], [])
            repeat {
                let count = Int.random(in: segments, using: &generator) + 1
                line = (0..<count).map { _ in place() }
            } while !isSimple
            walk = (0..<steps).map { _ in place() }
        }

        /// True for a line without double points that does not meet itself.
        private var isSimple: Bool {
            let scale = Double(1 << 20)
            return zip(line, line.dropFirst()).allSatisfy { $0 != $1 }
                && !line.map { FramePoint(x: Double($0.x) / scale, y: Double($0.y) / scale) }
                    .meetsItself(isClosed: false)
        }

        /// Crossings found by the rules, without those of ended tracks unless asked for.
        func directions(withShort: Bool = false) -> [Direction] {
            crossings.filter { withShort || !$0.isShort }.map(\.direction)
        }

        var crossings: [ObjectEvent.Crossing] {
            let place = { (point: (x: Int, y: Int)) in
                FramePoint(
                    x: Double(point.x) / 256 / Double(side), y: Double(point.y) / 256 / Double(side)
                )
            }
            let shape = Line(name: "line", points: line.map(place))
            var scene = SceneEvents(isChosen: [true], memory: 2, lines: [shape])
            var events: [ObjectEvent] = []
            for (index, point) in walk.enumerated() {
                let box = Box.standing(
                    at: (Double(point.x) / 256, Double(point.y) / 256), width: Float(size),
                    height: Float(size))
                events += scene.update(
                    [TrackedObject(id: 1, classIndex: 0, score: 1, box: box, isPredicted: false)],
                    at: Double(index) / fps, frameWidth: side, frameHeight: side)
            }
            return (events + scene.finish()).compactMap(\.crossing)
        }
    }

    @Test func everyWalkCountsAsTheOracleCounts() {
        var total = 0
        var short = 0
        for seed in 0..<Self.seeds {
            // Few places make the walk touch the line's points and run along its segments.
            var course = Course(seed: seed, spacing: seed % 2 == 0 ? 8 * 256 : 1)
            if seed % 3 == 0 { course.size = 400 }
            let size = Int(course.size) * 256
            let oracle = LineOracle(
                line: course.line, walk: course.walk, size: size, band: size / 10, fps: 30)
            let found = course.directions(withShort: true)
            total += found.count
            short += course.crossings.count(where: \.isShort)
            guard found != oracle.directions else { continue }
            Issue.record("seed \(seed): \(found) is not \(oracle.directions): \(course)")
            return
        }
        #expect(total > Self.seeds && short > 0, "\(total) crossings, \(short) of ended tracks")
    }

    @Test func reversedTimeSwapsInAndOut() {
        for seed in 0..<Self.seeds {
            var course = Course(seed: seed, spacing: seed % 2 == 0 ? 8 * 256 : 1)
            let forward = course.directions()
            course.walk.reverse()
            guard course.directions() != forward.reversed().map(\.opposite) else { continue }
            Issue.record("seed \(seed)")
            return
        }
    }

    @Test func mirrorSwapsInAndOut() {
        for seed in 0..<Self.seeds {
            var course = Course(seed: seed, spacing: 1)
            let upright = course.directions()
            let width = 96 * 256
            course.line = course.line.map { (width - $0.x, $0.y) }
            course.walk = course.walk.map { (width - $0.x, $0.y) }
            guard course.directions() != upright.map(\.opposite) else { continue }
            Issue.record("seed \(seed)")
            return
        }
    }

    @Test func scalingChangesNothing() {
        for seed in 0..<Self.seeds {
            var course = Course(seed: seed, spacing: seed % 2 == 0 ? 8 * 256 : 1)
            let before = course.directions()
            course.line = course.line.map { ($0.x * 3, $0.y * 3) }
            course.walk = course.walk.map { ($0.x * 3, $0.y * 3) }
            (course.size, course.side) = (course.size * 3, course.side * 3)
            guard course.directions() != before else { continue }
            Issue.record("seed \(seed): \(before) became \(course.directions()) in \(course)")
            return
        }
    }

    @Test func decimationOfCollinearStepsChangesNothing() {
        for seed in 0..<Self.seeds {
            var course = Course(seed: seed, spacing: 2 * 256, steps: 8, segments: 1...1)
            course.size = 100
            course.fps = 10
            let corners = course.walk
            let before = course.directions()
            for parts in [2, 8] {
                course.walk = [corners[0]]
                for (from, to) in zip(corners, corners.dropFirst()) {
                    for part in 1...parts {
                        course.walk.append(
                            (
                                from.x + (to.x - from.x) * part / parts,
                                from.y + (to.y - from.y) * part / parts
                            ))
                    }
                }
                course.fps = 10 * Double(parts)
                guard course.directions() != before else { continue }
                Issue.record("seed \(seed), \(parts) parts")
                return
            }
        }
    }
}

extension Direction {
    var opposite: Direction { self == .in ? .out : .in }
}

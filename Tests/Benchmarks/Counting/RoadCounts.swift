import Analytics
import Foundation
import Scene

/// Crossings of a road scene: those that happened, those counted from true boxes, those counted from results.
enum RoadCounts {
    /// Box of an object in a frame, from a line of MOTChallenge text.
    struct Entry {
        var frame: Int
        var id: Int
        var box: Box
        var kind: Int
        var visibility: Double
    }

    private static let fps = 30_000.0 / 1001

    static func run(_ arguments: [String]) throws {
        guard let truthPath = arguments.first else { return }
        let size = arguments.last.flatMap(size) ?? (width: 640, height: 360)
        let truth = try entries(truthPath)
        let results = try arguments.dropFirst().first { $0.hasSuffix(".txt") }.map(entries)
        for height in [0.62, 0.7, 0.8] {
            let line = Line(
                name: "line", points: [FramePoint(x: 0, y: height), FramePoint(x: 1, y: height)])
            let happened = passages(truth, line, size)
            let counted = count(truth, line, size)
            print(
                "line at \(height): happened \(text(happened)), from true boxes \(text(counted))"
                    + (results.map { ", from results \(text(count($0, line, size)))" } ?? ""))
        }
    }

    /// Vehicles whose first and last boxes lie on different sides of a level line.
    private static func passages(
        _ truth: [Entry], _ line: Line, _ size: (width: Int, height: Int)
    ) -> LineTotal {
        let level = Float(line.points[0].y) * Float(size.height)
        var ends: [Int: (first: Float, last: Float)] = [:]
        for entry in truth where entry.isVehicle {
            ends[entry.id] = (ends[entry.id]?.first ?? entry.box.bottom, entry.box.bottom)
        }
        var total = LineTotal()
        for (first, last) in ends.values {
            if first < level - 2 && last > level + 2 { total.out += 1 }
            if first > level + 2 && last < level - 2 { total.in += 1 }
        }
        return total
    }

    private static func count(
        _ entries: [Entry], _ line: Line, _ size: (width: Int, height: Int)
    ) -> LineTotal {
        var scene = SceneEvents(isChosen: [true], memory: 2, lines: [line])
        let frames = Dictionary(grouping: entries.filter(\.isVehicle), by: \.frame)
        for frame in 1...max(frames.keys.max() ?? 1, 1) {
            let objects = (frames[frame] ?? []).map {
                TrackedObject(id: $0.id, classIndex: 0, score: 1, box: $0.box, isPredicted: false)
            }
            _ = scene.update(
                objects, at: Double(frame) / fps, frameWidth: size.width, frameHeight: size.height)
        }
        _ = scene.finish()
        return scene.totals[0]
    }

    private static func text(_ total: LineTotal) -> String {
        "\(total.in) in \(total.out) out" + (total.jumps > 0 ? " \(total.jumps) jumps" : "")
    }

    private static func size(_ text: String) -> (width: Int, height: Int)? {
        let sides = text.split(separator: "x").compactMap { Int($0) }
        return sides.count == 2 ? (sides[0], sides[1]) : nil
    }

    private static func entries(_ path: String) throws -> [Entry] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap {
            line in
            let numbers = line.split(separator: ",").compactMap { Double($0) }
            guard numbers.count >= 6 else { return nil }
            let box = Box(
                x: Float(numbers[2]), y: Float(numbers[3]), width: Float(numbers[4]),
                height: Float(numbers[5]))
            return Entry(
                frame: Int(numbers[0]), id: Int(numbers[1]), box: box,
                kind: numbers.count > 7 ? Int(numbers[7]) : -1,
                visibility: numbers.count > 8 ? numbers[8] : 1)
        }
    }
}

extension RoadCounts.Entry {
    /// True for vehicles, and for results, which have no class.
    fileprivate var isVehicle: Bool { id < 200 || id > 1000 }
}

import Analytics
import Foundation
import Scene
import TestSupport

/// `counting-bench`: runs the rules for zones and lines outside of any pipeline.
@main
enum Counting {
    private static let usage = """
        usage: counting-bench walks            walks as JSON on standard input, counts on standard output
               counting-bench identities [N]   memory over N identities, 1000000 by default
               counting-bench speed            time of a frame with 64 objects, 16 zones and 16 lines
               counting-bench scene TRUTH.mot.txt [RESULTS.mot.txt] [WIDTHxHEIGHT]
                                               crossings of a road scene, from true boxes and from results

        """

    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch arguments.first {
        case "walks": try Walks.run()
        case "identities":
            Identities.run(arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000)
        case "speed": Speed.run()
        case "scene": try RoadCounts.run(Array(arguments.dropFirst()))
        default:
            try FileHandle.standardError.write(contentsOf: Data(usage.utf8))
            exit(64)
        }
    }
}

/// Walks of another program, counted by the rules of this project.
enum Walks {
    struct Walk: Decodable {
        var kind: String
        var points: [[Double]]
        /// Boxes by frame: left, top, right, bottom.
        var boxes: [[Float]]
        var fps: Double
        var side: Double
    }

    static func run() throws {
        let walks = try JSONDecoder().decode(
            [Walk].self, from: FileHandle.standardInput.readToEnd() ?? Data())
        let counts = walks.map(count)
        print(String(decoding: try JSONEncoder().encode(counts), as: UTF8.self))
    }

    private static func count(_ walk: Walk) -> [String: Int] {
        let points = walk.points.map { FramePoint(x: $0[0] / walk.side, y: $0[1] / walk.side) }
        let isLine = walk.kind == "line"
        var scene = SceneEvents(
            isChosen: [true], memory: 2, zones: isLine ? [] : [Zone(name: "a", points: points)],
            lines: isLine ? [Line(name: "a", points: points)] : [])
        var most = 0
        for (index, box) in walk.boxes.enumerated() {
            let object = TrackedObject(
                id: 1, classIndex: 0, score: 1,
                box: Box(left: box[0], top: box[1], right: box[2], bottom: box[3]),
                isPredicted: false)
            _ = scene.update(
                [object], at: Double(index) / walk.fps, frameWidth: Int(walk.side),
                frameHeight: Int(walk.side))
            most = max(most, scene.inside.first?[0] ?? 0)
        }
        _ = scene.finish()
        let total = scene.totals.first ?? LineTotal()
        return ["in": total.in, "out": total.out, "inside": most]
    }
}

/// Memory over many identities.
enum Identities {
    static func run(_ count: Int) {
        let corners = [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)]
        let zone = Zone(name: "zone", points: corners.map { FramePoint(x: $0.0, y: $0.1) })
        let line = Line(
            name: "line", points: [FramePoint(x: 0, y: 0.5), FramePoint(x: 1, y: 0.5)])
        var scene = SceneEvents(isChosen: [true], memory: 2, zones: [zone], lines: [line])
        var table = CountTable(zones: [zone], lines: [line], classes: [0], every: 60)
        var held = HeldEvents()
        var heat = HeatMap()
        var (events, rows) = (0, 0)
        // Sixty-four objects at once, each of which crosses the frame in sixteen frames.
        for step in 0..<(count / 64 * 16) {
            let time = Double(step) / 16
            let objects = (0..<64).map { lane in
                let shifted = step + lane / 4
                let box = Box(
                    x: Float(lane * 15), y: Float(shifted % 16) * 62, width: 60, height: 60)
                return TrackedObject(
                    id: shifted / 16 * 64 + lane + 1, classIndex: 0, score: 1, box: box,
                    isPredicted: false)
            }
            let new = scene.update(objects, at: time, frameWidth: 1000, frameHeight: 1000)
            events += new.count
            table.note(scene.inside, at: time)
            heat.add(objects, at: time, frameWidth: 1000, frameHeight: 1000)
            for event in new where event.kind == .cross {
                held.add(event, time: time - event.delay, frame: step)
            }
            for released in held.release(scene) {
                table.add(released.event, classIndex: 0, at: released.time)
            }
            rows += table.close(before: held.earliest ?? time).count
            if step % max(count / 64 * 16 / 10, 1) == 0 {
                print("\(step * 4) identities: \(Self.resident) KiB resident, \(events) events")
            }
        }
        let total = scene.totals[0]
        print("\(total.out) out, \(total.in) in, \(rows) rows; \(Self.resident) KiB resident")
    }

    /// Resident memory of this process in KiB.
    private static var resident: Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4
    }
}

/// Time of a frame.
enum Speed {
    static func run() {
        var random = SeededGenerator(seed: 1)
        func point() -> FramePoint {
            FramePoint(
                x: Double.random(in: 0...1, using: &random),
                y: Double.random(in: 0...1, using: &random))
        }
        let zones = (0..<16).map { index in
            let (x, y) = (Double(index % 4) * 0.25, Double(index / 4) * 0.25)
            let corners = [(0.0, 0.0), (0.2, 0.05), (0.25, 0.2), (0.1, 0.25), (0.0, 0.2)]
            return Zone(
                name: "z\(index)", points: corners.map { FramePoint(x: x + $0.0, y: y + $0.1) })
        }
        let lines = (0..<16).map { Line(name: "l\($0)", points: [point(), point(), point()]) }
        var scene = SceneEvents(isChosen: [true], memory: 2, zones: zones, lines: lines)
        var objects = (0..<64).map { index in
            TrackedObject(
                id: index + 1, classIndex: 0, score: 1,
                box: Box(
                    x: Float.random(in: 0...1800, using: &random),
                    y: Float.random(in: 0...1000, using: &random), width: 80, height: 60),
                isPredicted: false)
        }
        var times: [Double] = []
        let clock = ContinuousClock()
        for frame in 0..<20_000 {
            for index in objects.indices {
                objects[index].box.x += Float.random(in: -6...6, using: &random)
                objects[index].box.y += Float.random(in: -6...6, using: &random)
                objects[index].fullBox = objects[index].box
            }
            let time = clock.measure {
                _ = scene.update(
                    objects, at: Double(frame) / 30, frameWidth: 1920, frameHeight: 1080)
                scene.mark(&objects)
            }
            times.append(Double(time.components.attoseconds) / 1e12)
        }
        times.sort()
        print(
            "64 objects, 16 zones, 16 lines of two segments, \(times.count) frames: "
                + "median \(times[times.count / 2]) µs, 99th percentile \(times[times.count * 99 / 100]) µs, "
                + "\(scene.totals.map { $0.in + $0.out }.reduce(0, +)) crossings")
    }
}

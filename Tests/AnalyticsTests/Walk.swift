import Analytics
import Scene

/// A scripted walk of boxes past zones and lines, in a frame of 1000 × 1000 pixels.
struct Walk {
    static let side = 1000
    var scene: SceneEvents
    private(set) var events: [ObjectEvent] = []

    init(zones: [Zone] = [], lines: [Line] = [], memory: Double = 2) {
        scene = SceneEvents(isChosen: [true, true], memory: memory, zones: zones, lines: lines)
    }

    /// Shows the boxes of one frame, each with an identity.
    mutating func show(
        _ boxes: [(id: Int, box: Box)], at seconds: Double, classIndex: Int = 0,
        isPredicted: Bool = false
    ) {
        let objects = boxes.map { id, box in
            TrackedObject(
                id: id, classIndex: classIndex, score: 1, box: box, isPredicted: isPredicted)
        }
        events += scene.update(
            objects, at: seconds, frameWidth: Self.side, frameHeight: Self.side)
    }

    /// Shows one box.
    mutating func show(
        _ box: Box, id: Int = 1, at seconds: Double, classIndex: Int = 0, isPredicted: Bool = false
    ) {
        show([(id, box)], at: seconds, classIndex: classIndex, isPredicted: isPredicted)
    }

    /// Walks a path of anchors (bottom centres) at some frames per second, then ends the run.
    mutating func walk(
        _ path: [(x: Double, y: Double)], width: Float = 40, height: Float = 40, fps: Double = 30
    ) {
        for (index, place) in path.enumerated() {
            show(.standing(at: place, width: width, height: height), at: Double(index) / fps)
        }
        finish()
    }

    mutating func finish() { events += scene.finish() }

    /// The object with an identity, marked with its zones.
    func marked(_ id: Int) -> TrackedObject {
        var objects = [
            TrackedObject(
                id: id, classIndex: 0, score: 1, box: Box(x: 0, y: 0, width: 1, height: 1),
                isPredicted: false)
        ]
        scene.mark(&objects)
        return objects[0]
    }

    var kinds: [ObjectEvent.Kind] { events.map(\.kind).filter { $0 != .begin && $0 != .end } }
    var crossings: [ObjectEvent.Crossing] { events.compactMap(\.crossing) }
    var directions: [Direction] { crossings.map(\.direction) }
}

extension Box {
    /// A box whose bottom centre is at a place.
    static func standing(at place: (x: Double, y: Double), width: Float, height: Float) -> Box {
        Box(
            x: Float(place.x) - width / 2, y: Float(place.y) - height, width: width, height: height)
    }
}

extension Zone {
    /// A zone by its corners in pixels of the walk's frame.
    init(pixels: [(Double, Double)]) {
        self.init(name: "zone", points: pixels.map(FramePoint.init(pixels:)))
    }
}

extension Line {
    /// A line by its points in pixels of the walk's frame.
    init(pixels: [(Double, Double)]) {
        self.init(name: "line", points: pixels.map(FramePoint.init(pixels:)))
    }
}

extension FramePoint {
    init(pixels: (Double, Double)) {
        self.init(x: pixels.0 / Double(Walk.side), y: pixels.1 / Double(Walk.side))
    }
}

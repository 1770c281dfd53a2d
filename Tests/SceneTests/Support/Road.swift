import Scene
import TestSupport

/// Synthetic road: objects that move smoothly, seen by a detector with noise and misses.
struct Road {
    /// One object: its box at a time, or nil when it is not visible.
    struct Actor {
        var classIndex = 0
        var box: (Double) -> Box?
    }

    var actors: [Actor]
    var width = 1280
    var height = 720
    /// Standard deviation of the detected edges, as a fraction of the box's extent.
    var noise = 0.0
    /// Probability that a visible object is missed.
    var missRate = 0.0
    var score: ClosedRange<Double> = 0.7...0.8

    func detections(at seconds: Double, using random: inout SeededGenerator) -> [Detection] {
        actors.compactMap { actor in
            guard let box = actor.box(seconds) else { return nil }
            let isMissed = random.uniform(0...1) < missRate
            let seen = shaken(box, using: &random)
            let score = Float(random.uniform(score))
            guard !isMissed else { return nil }
            return Detection(classIndex: actor.classIndex, score: score, box: seen)
        }
    }

    private func shaken(_ box: Box, using random: inout SeededGenerator) -> Box {
        let width = Double(box.width)
        let height = Double(box.height)
        return Box(
            left: box.x + Float(noise * width * random.normal()),
            top: box.y + Float(noise * height * random.normal()),
            right: box.right + Float(noise * width * random.normal()),
            bottom: box.bottom + Float(noise * height * random.normal()))
    }
}

extension Box {
    /// A box by its centre.
    static func around(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> Box {
        Box(
            x: Float(x - width / 2), y: Float(y - height / 2), width: Float(width),
            height: Float(height))
    }
}

import Scene
import TestSupport

/// Synthetic drive: vehicles ahead, oncoming and parked, seen by a camera that moves and shakes.
///
/// Geometry of a pinhole camera. The simulated detector finds unoccluded vehicles with scores that grow with size,
/// misses, noise on the boxes, cars classified as trucks, and false positives.
struct Drive {
    let seconds: Double
    let rate: Double
    let width = 1280
    let height = 720
    private var random: SeededGenerator
    private var vehicles: [Vehicle] = []

    private struct Vehicle {
        var id: Int
        var classIndex: Int
        /// Metres to the right of the camera and ahead of it at `time` 0, and their rates.
        var side: Double
        var drift: Double
        var depth: Double
        var speed: Double
        var time: Double
        var extent: (width: Double, height: Double)

        func box(at seconds: Double, shake: Double) -> Box? {
            let depth = depth + speed * (seconds - time)
            guard depth > 4, depth < 90, seconds >= time else { return nil }
            let side = side + drift * (seconds - time)
            let scale = 900 / depth
            return .around(
                640 + scale * side, 380 + shake + scale * (1.4 - extent.height / 2),
                scale * extent.width, scale * extent.height)
        }
    }

    init(seconds: Double, rate: Double, seed: UInt64) {
        self.seconds = seconds
        self.rate = rate
        random = SeededGenerator(seed: seed)
        var time = 0.0
        while time < seconds {
            vehicles.append(makeVehicle(at: time))
            time += random.uniform(0.3...1.6)
        }
    }

    private mutating func makeVehicle(at time: Double) -> Vehicle {
        let isTruck = random.uniform(0...1) < 0.2
        let extent = isTruck ? (2.5, 3.2) : (1.8, 1.5)
        let kind = Int(random.next() % 3)
        let depth: Double
        let speed: Double
        let side: Double
        switch kind {
        case 0:  // going our way, falling back or drawing away
            side = [0, 3.5, -3.5][Int(random.next() % 3)]
            let isAhead = random.uniform(0...1) < 0.5
            depth = isAhead ? random.uniform(12...40) : 6
            speed = isAhead ? random.uniform(-3...5) : random.uniform(2...7)
        case 1:  // oncoming
            side = random.uniform(-5 ... -3.5)
            depth = 88
            speed = random.uniform(-35 ... -18)
        default:  // parked
            side = random.uniform(5...8)
            depth = 80
            speed = random.uniform(-16 ... -9)
        }
        return Vehicle(
            id: vehicles.count + 1, classIndex: isTruck ? 1 : 0, side: side,
            drift: random.uniform(-0.3...0.3), depth: depth, speed: speed, time: time,
            extent: extent)
    }

    /// Frames with ground truth and simulated detections.
    mutating func frames() -> [DriveFrame] {
        (0..<Int(seconds * rate)).map { index in
            let time = Double(index) / rate
            let phase = (time * 1.7).truncatingRemainder(dividingBy: 1)
            let shake = 8 * (abs(2 * phase - 1) - 0.5)
            return frame(at: time, shake: shake)
        }
    }

    private mutating func frame(at time: Double, shake: Double) -> DriveFrame {
        let bounds = Box(x: 0, y: 0, width: Float(width), height: Float(height))
        var frame = DriveFrame(seconds: time)
        var seen: [Box] = []
        // The largest vehicle is nearest and occludes the others.
        let present = vehicles.compactMap { vehicle in
            vehicle.box(at: time, shake: shake).map { (vehicle, $0) }
        }.sorted { ($0.1.area, $0.0.id) > ($1.1.area, $1.0.id) }
        for (vehicle, whole) in present {
            let box = whole.intersection(bounds)
            guard box.area > 0.3 * whole.area, box.height >= 14 else { continue }
            let hidden = seen.map { $0.intersection(box).area / box.area }.max() ?? 0
            seen.append(box)
            guard hidden < 0.7 else { continue }
            frame.truths.append(
                IdentifiedBox(id: vehicle.id, classIndex: vehicle.classIndex, box: box))
            detect(box, classIndex: vehicle.classIndex, hidden: Double(hidden), in: &frame)
        }
        while random.uniform(0...1) < 0.3 {
            let size = random.uniform(15...120)
            frame.detections.append(
                Detection(
                    classIndex: Int(random.next() % 2), score: Float(random.uniform(0.1...0.55)),
                    box: .around(random.uniform(0...1280), random.uniform(300...600), size, size)))
        }
        return frame
    }

    private mutating func detect(
        _ box: Box, classIndex: Int, hidden: Double, in frame: inout DriveFrame
    ) {
        let share = min(1, Double(box.height) / 90)
        let score = 0.3 + 0.5 * share - 0.4 * hidden + 0.14 * random.normal()
        let isMistaken = random.uniform(0...1) < 0.15
        var edges = (0..<4).map { _ in 0.05 * random.normal() }
        edges = edges.map { $0 * (1.4 - share) }
        guard score > 0.1 else { return }
        frame.detections.append(
            Detection(
                classIndex: isMistaken ? 1 - classIndex : classIndex,
                score: Float(min(score, 0.98)),
                box: Box(
                    left: box.x + Float(edges[0]) * box.width,
                    top: box.y + Float(edges[1]) * box.height,
                    right: box.right + Float(edges[2]) * box.width,
                    bottom: box.bottom + Float(edges[3]) * box.height)))
    }
}

/// One frame of a synthetic drive.
struct DriveFrame {
    var seconds: Double
    var truths: [IdentifiedBox] = []
    var detections: [Detection] = []
}

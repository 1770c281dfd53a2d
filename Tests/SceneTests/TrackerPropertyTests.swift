import TestSupport
import Testing

@testable import Scene

/// Invariants of the tracker under any input, and its accuracy on synthetic drives.
struct TrackerPropertyTests {
    #if DEBUG
        private static let steps = 10_000
    #else
        private static let steps = 1_000_000
    #endif

    /// Checks the invariants of published objects.
    private struct Invariants {
        var options: TrackerOptions
        var greatestID = 0
        var known: [Int: Int] = [:]
        var breaches = 0

        mutating func check(_ tracker: Tracker, step: Int) {
            var lastID = 0
            for object in tracker.objects {
                if object.id <= lastID { breaches += 1 }
                lastID = object.id
                if object.id <= greatestID, known[object.id] == nil { breaches += 1 }
                known[object.id] = step
                let isValid =
                    object.box.isFinite && object.box.width >= 0 && object.box.height >= 0
                    && object.score > 0 && object.score <= 1
                if !isValid { breaches += 1 }
            }
            greatestID = max(greatestID, lastID)
            if tracker.trackCount > options.trackLimit { breaches += 1 }
            if tracker.objects.count > tracker.trackCount { breaches += 1 }
            // The clock below advances by at least 0.02 s: after 200 steps a track has ended.
            if step % 1000 == 0 { known = known.filter { step - $0.value < 200 } }
        }
    }

    private static func detections(
        _ random: inout SeededGenerator, step: Int, into list: inout [Detection]
    ) {
        list.removeAll(keepingCapacity: true)
        let time = Double(step) / 30
        for lane in 0..<3 where random.next() % 5 != 0 {
            let phase = (time * (0.1 + 0.07 * Double(lane))).truncatingRemainder(dividingBy: 1)
            list.append(
                Detection(
                    classIndex: lane % 2, score: Float(random.uniform(0.1...0.95)),
                    box: .around(
                        1280 * phase + 4 * random.normal(), 200 + 90 * Double(lane),
                        60 + 100 * phase, 50 + 80 * phase)))
        }
        if random.next() % 4 == 0 {
            list.append(
                Detection(
                    classIndex: Int(random.next() % 4), score: Float(random.uniform(0...1)),
                    box: .around(
                        random.uniform(0...1280), random.uniform(0...720),
                        random.uniform(2...400), random.uniform(2...400))))
        }
    }

    @Test func millionStepsNeitherAllocateNorReuseIdentities() {
        var random = SeededGenerator(seed: 1)
        var options = TrackerOptions()
        options.trackLimit = 32
        var tracker = Tracker(options: options)
        var list: [Detection] = []
        list.reserveCapacity(8)
        var watch = Invariants(options: options)
        var allocated = 0
        for step in 0..<Self.steps {
            Self.detections(&random, step: step, into: &list)
            let time = Double(step) / 30
            let count = allocations {
                tracker.update(list, at: time, frameWidth: 1280, frameHeight: 720)
            }
            if step > 0 { allocated += count ?? 0 }
            watch.check(tracker, step: step)
        }
        #expect(watch.breaches == 0)
        #expect(watch.greatestID > Self.steps / 1000)
        #expect(allocated == 0)
    }

    private static let hostile: [Float] = [
        .nan, .infinity, -.infinity, 0, -1, 1e-30, 1e30, .greatestFiniteMagnitude,
        -.greatestFiniteMagnitude, 1, 100, 640, 1280, 5000, -300,
    ]

    private func hostileDetection(_ random: inout SeededGenerator) -> Detection {
        func pick() -> Float {
            random.next() % 3 == 0
                ? Float(random.uniform(0...900))
                : Self.hostile[Int(random.next() % UInt64(Self.hostile.count))]
        }
        let classes = [0, 1, -1, .max, .min, 70_000]
        return Detection(
            classIndex: random.next() % 4 == 0
                ? classes[Int(random.next() % UInt64(classes.count))] : 0,
            score: random.next() % 3 == 0 ? pick() : Float(random.uniform(0...1)),
            box: Box(x: pick(), y: pick(), width: pick(), height: pick()))
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func hostileInputKeepsAllInvariants(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var options = TrackerOptions()
        options.trackLimit = 20
        options.detectionLimit = 30
        options.classGroups = [[0, 1], [1, 5]]
        var tracker = Tracker(options: options)
        var watch = Invariants(options: options)
        var time = 0.0
        for step in 0..<3000 {
            time += random.uniform(0.02...0.2)
            var timestamp = time
            switch random.next() % 60 {
            case 0: timestamp = [.nan, .infinity, -1e308, 1e308, -5][Int(random.next() % 5)]
            case 1: tracker.gap(seconds: [.nan, -1, 0, 0.3, .infinity][Int(random.next() % 5)])
            case 2...12: tracker.predict(at: timestamp)
            default: break
            }
            let list = (0..<Int(random.next() % 60)).map { _ in hostileDetection(&random) }
            tracker.update(
                list, at: timestamp, frameWidth: step % 50 == 0 ? 1 : 1280, frameHeight: 720,
                mayStartTracks: random.next() % 5 != 0)
            watch.check(tracker, step: step)
        }
        #expect(watch.breaches == 0)
        #expect(watch.greatestID > 0)
    }

    @Test func atTheTrackLimitExistingTracksAreStillFollowed() {
        var options = TrackerOptions()
        options.trackLimit = 10
        options.detectionLimit = 40
        var tracker = Tracker(options: options)
        let crowd = (0..<100).map { index -> Detection in
            let x = 60 + 120 * Double(index % 10)
            let y = 40 + 70 * Double(index / 10)
            let score = 0.5 + Float(index) / 1000
            return Detection(classIndex: 0, score: score, box: .around(x, y, 60, 50))
        }
        for frame in 0..<30 {
            tracker.update(
                crowd, at: Double(frame) / 10, frameWidth: 1280, frameHeight: 720)
            #expect(tracker.trackCount == 10)
        }
        #expect(tracker.objects.map(\.id) == Array(1...10))
        #expect(tracker.objects.allSatisfy { !$0.isPredicted })
    }

    // MARK: Quality

    private func metrics(rate: Double, every: Int = 1) -> TrackingMetrics {
        var frames: [TrackingFrame] = []
        var options = TrackerOptions()
        options.classGroups = [[0, 1]]
        for seed in 1...6 as ClosedRange<UInt64> {
            var drive = Drive(seconds: 20, rate: rate, seed: seed)
            var tracker = Tracker(options: options)
            for (index, frame) in drive.frames().enumerated() {
                if index % every == 0 {
                    tracker.update(
                        frame.detections, at: frame.seconds, frameWidth: drive.width,
                        frameHeight: drive.height)
                } else {
                    tracker.predict(at: frame.seconds)
                }
                let shift = Int(seed) * 1_000_000
                frames.append(
                    TrackingFrame(
                        truths: frame.truths.map {
                            IdentifiedBox(id: $0.id + shift, box: $0.box)
                        },
                        results: tracker.objects.map {
                            IdentifiedBox(id: $0.id + shift, box: $0.box)
                        }))
            }
        }
        return TrackingMetrics(frames: frames)
    }

    @Test func accuracyIsSimilarAtAnyFrameRate() {
        let all = [30.0, 10, 5].map { metrics(rate: $0) }
        for metrics in all {
            #expect(metrics.mota > 0.7, "\(metrics)")
            #expect(metrics.idf1 > 0.74)
            #expect(metrics.hota > 0.64)
        }
        let f1 = all.map(\.idf1)
        #expect((f1.max() ?? 1) - (f1.min() ?? 0) < 0.06)
    }

    @Test func inferenceOnEveryThirdFrameCostsLittleAccuracy() {
        let each = metrics(rate: 30)
        let third = metrics(rate: 30, every: 3)
        #expect(third.idf1 > each.idf1 - 0.06)
    }
}

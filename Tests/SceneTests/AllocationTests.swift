import Scene
import TestSupport
import Testing

/// Code that runs once per frame allocates nothing in the steady state.
struct AllocationTests {
    @Test func trackerAndTrails() {
        var drive = Drive(seconds: 20, rate: 15, seed: 5)
        let frames = drive.frames()
        var options = TrackerOptions()
        options.classGroups = [[0, 1]]
        var tracker = Tracker(options: options)
        var trails = Trails()
        func run() {
            for frame in frames {
                tracker.update(
                    frame.detections, at: frame.seconds, frameWidth: 1280, frameHeight: 720)
                trails.record(tracker.objects, at: frame.seconds)
                tracker.predict(at: frame.seconds + 0.01)
            }
            tracker.gap()
            trails.removeAll()
        }
        run()
        #expect(tracker.trackCount == 0)
        #expect((allocations(during: run) ?? 0) == 0)
    }

    @Test(arguments: [.hard, .linear, .gaussian(sigma: 0.5)] as [Suppression.Rule])
    func suppression(rule: Suppression.Rule) {
        var drive = Drive(seconds: 5, rate: 10, seed: 6)
        let frames = drive.frames().map(\.detections)
        var suppression = Suppression(rule: rule, overlap: 0.5, limit: 100)
        var detections: [Detection] = []
        func run() {
            for frame in frames {
                detections.removeAll(keepingCapacity: true)
                for detection in frame { detections.append(detection) }
                suppression.apply(to: &detections)
            }
        }
        run()
        #expect((allocations(during: run) ?? 0) == 0)
    }

    @Test func regions() throws {
        let regions = [try #require(Region(x: 0, y: 0, width: 0.5, height: 0.5))]
        let box = Box(x: 10, y: 10, width: 5, height: 5)
        var detections = Array(
            repeating: Detection(classIndex: 0, score: 0.5, box: box), count: 50)
        func run() { detections.remove(inside: regions, frameWidth: 100, frameHeight: 100) }
        #expect((allocations(during: run) ?? 0) == 0)
        #expect(detections.isEmpty)
    }
}

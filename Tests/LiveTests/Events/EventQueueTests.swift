import Analytics
import Scene
import Testing

@testable import Configuration
@testable import Live
@testable import Pipeline

struct EventQueueTests {
    private let event = ObjectEvent(
        kind: .begin,
        object: TrackedObject(
            id: 1, classIndex: 0, score: 0.5, box: Box(x: 0, y: 0, width: 1, height: 1),
            isPredicted: false), seconds: 0)

    private func camera() throws -> Camera {
        let settings = try DetectionContext(DetectDescription())
        return Camera(
            CameraDescription(name: "gate"), settings,
            eventClasses: settings.classNames.map { _ in true }, index: 0)
    }

    private func writer() throws -> EventWriter {
        EventWriter(
            try EventOutputs(LiveDescription().events), command: nil,
            console: Console(isQuiet: true, isTerminal: false) { _ in })
    }

    @Test func eventsBeyondTheLimitAreCountedAsLost() throws {
        let (queue, camera) = (EventQueue(wantsFrames: false), try camera())
        for _ in 0..<EventQueue.countLimit + 10 { queue.post(event, of: camera) }
        #expect(queue.counts.lost == 10 && queue.counts.written == 0)
        queue.close()
        queue.post(event, of: camera)
        #expect(queue.counts.lost == 11)
        var writer = try writer()
        queue.run(&writer)
        #expect(queue.counts.written == EventQueue.countLimit)
        #expect(queue.warnings == ["Events: 11 came too fast and were lost."])
        #expect(queue.recent.count == 200)
    }
}

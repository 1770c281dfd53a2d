import Analytics
import Scene
import Testing

@testable import Configuration
@testable import Live
@testable import Pipeline

struct EventLogTests {
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
        let (log, camera) = (EventLog(wantsFrames: false), try camera())
        for _ in 0..<EventLog.countLimit + 10 { log.post(event, of: camera) }
        #expect(log.counts.lost == 10 && log.counts.written == 0)
        log.close()
        log.post(event, of: camera)
        #expect(log.counts.lost == 11)
        var writer = try writer()
        log.run(&writer)
        #expect(log.counts.written == EventLog.countLimit)
        #expect(log.warnings == ["Events: 11 came too fast and were lost."])
        #expect(log.recent.count == 200)
    }
}

import Configuration
import Flow
import Foundation
import Pipeline
import Synchronization
import TestSupport

@testable import Publishing

/// Error of a description without a broker and a webhook.
struct NothingToPublish: Error {}

/// Publisher of made-up cameras, on threads of its own.
final class RunningPublisher: Sendable {
    let publisher: EventPublisher
    private let isOver = Atomic(false)
    private let shared: Values
    private let threads = Mutex<[Flow.Worker<Void, Never>]>([])

    private final class Values: Sendable {
        let counts: Mutex<[CameraCounting]>
        let clips = Mutex<[String]>([])
        let lines = Mutex<[String]>([])

        init(_ counts: [CameraCounting]) { self.counts = Mutex(counts) }
    }

    static let gate = PublishedCamera(
        name: "gate", classes: ["person", "car"],
        zones: [.init(name: "driveway", label: "Driveway", classes: ["person"])],
        lines: [
            .init(name: "stop", label: "Stop", directions: ["north", "south"], classes: ["car"])
        ], makesClips: true)

    init(
        _ description: LiveDescription, cameras: [PublishedCamera] = [gate],
        environment: [String: String] = [:]
    ) throws {
        let values = Values(cameras.map { _ in CameraCounting(status: .online) })
        let console = Console(isQuiet: false, isTerminal: false) { line in
            values.lines.withLock { $0.append(line) }
        }
        let access = EventPublisher.CameraAccess(
            counts: { values.counts.withLock { $0 } },
            requestClip: { camera in values.clips.withLock { $0.append(camera) } })
        guard
            let publisher = try EventPublisher(
                description, cameras: cameras, access: access, environment: environment,
                console: console)
        else { throw NothingToPublish() }
        (self.publisher, shared) = (publisher, values)
        for worker in publisher.workers {
            let thread = try Flow.Worker<Void, Never>(name: worker.name) { [self] in
                worker.run { self.isOver.load(ordering: .acquiring) }
            }
            threads.withLock { $0.append(thread) }
        }
    }

    /// Sets the counts of the first camera.
    func set(_ counting: CameraCounting) { shared.counts.withLock { $0[0] = counting } }
    /// Lines printed so far.
    var printed: [String] { shared.lines.withLock { $0 } }
    /// Cameras that were asked for clips.
    var clips: [String] { shared.clips.withLock { $0 } }
    /// Counts of the first target.
    var counts: EventPublisher.Counts { publisher.counts[0] }

    /// Publishes an event with a number by which a test knows it.
    func publish(_ number: Int, kind: String = "enter", at time: Date = Date()) {
        publisher.publish(
            PublishedEvent(
                line: "{\"camera\":\"gate\",\"number\":\(number)}\n", camera: "gate", kind: kind,
                className: "person", time: time))
    }

    /// Ends the run and waits for its threads; returns the seconds that took.
    @discardableResult
    func end() -> Double {
        let start = ProcessInfo.processInfo.systemUptime
        isOver.store(true, ordering: .releasing)
        for thread in threads.withLock({ $0 }) { thread.join() }
        threads.withLock { $0 = [] }
        return ProcessInfo.processInfo.systemUptime - start
    }
}

/// Waits until a condition holds, for at most `seconds`; returns whether it does.
@discardableResult
func wait(_ seconds: Double = 10, until isTrue: () -> Bool) -> Bool {
    let end = ProcessInfo.processInfo.systemUptime + seconds
    while ProcessInfo.processInfo.systemUptime < end {
        if isTrue() { return true }
        usleep(10_000)
    }
    return isTrue()
}

/// Numbers of events among JSON texts.
func eventNumbers(_ texts: [String]) -> [Int] {
    texts.compactMap { $0.firstMatch(of: /"number":(\d+)/).flatMap { Int($0.output.1) } }
}

import Configuration
import Flow
import Foundation
import Glibc
import Pipeline
import Publishing
import Synchronization
import TestSupport

/// Processor time of publishing the states and events of 16 cameras to a broker and a webhook on this machine.
///
/// All counts change every second, and each camera has an event a second. Printed is the share of one core that this
/// process uses, with the broker answering and frozen, and the longest time that handing over an event took. Snapshots
/// are not part of it.
///
///     swift run -c release publishing-bench
@main
struct PublishingBench {
    private static let cameraCount = 16
    private static let seconds = 20

    static func main() throws {
        guard Mosquitto.isInstalled else { return }
        let broker = try Mosquitto()
        let server = try RawServer { client, _ in
            client.send("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")
        }
        let scratch = try Scratch()
        let run = try PublishingRun(
            broker: broker.port, webhook: Int(server.port), folder: scratch.path("spool"),
            cameras: cameraCount)
        sleep(3)
        report("broker and webhook answer", run)
        broker.freeze()
        report("broker is frozen", run)
        broker.thaw()
        run.end()
    }

    private static func report(_ name: String, _ run: PublishingRun) {
        let before = processorTime
        let (longest, events) = run.publish(seconds: seconds)
        let share = (processorTime - before) / Double(seconds) * 100
        let waiting = run.publisher.counts.map { "\($0.waiting) wait for \($0.target)" }
        print(
            "\(name): \(events) events of \(cameraCount) cameras in \(seconds) s, "
                + String(
                    format: "%.2f %% of one core, longest hand-over %.2f ms; ", share, longest * 1e3
                )
                + waiting.joined(separator: ", "))
    }

    /// Processor time of this process in seconds.
    private static var processorTime: Double {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }
}

/// Publisher of made-up cameras, on threads of its own.
private final class PublishingRun: Sendable {
    let publisher: EventPublisher
    private let cameras: Int
    private let tick: Tick
    private let isOver = Atomic(false)
    private let threads = Mutex<[Flow.Worker<Void, Never>]>([])

    private final class Tick: Sendable {
        let number = Atomic(0)
    }

    private struct NothingToPublish: Error {}

    init(broker: Int, webhook: Int, folder: String, cameras: Int) throws {
        var description = LiveDescription()
        description.mqtt.broker = "mqtt://127.0.0.1:\(broker)"
        description.mqtt.node = "bench"
        description.webhooks = [
            WebhookDescription(name: "hook", url: "http://127.0.0.1:\(webhook)/")
        ]
        description.spool.folder = folder
        let classes = ["person", "bicycle", "car", "motorcycle", "bus", "truck"]
        let tick = Tick()
        let published = (1...cameras).map { number in
            PublishedCamera(
                name: "camera-\(number)", classes: classes,
                zones: (1...4).map { .init(name: "zone\($0)", label: "Zone", classes: classes) },
                lines: (1...4).map {
                    .init(
                        name: "line\($0)", label: "Line", directions: ["in", "out"],
                        classes: classes)
                })
        }
        let access = EventPublisher.CameraAccess(
            counts: {
                let number = tick.number.load(ordering: .relaxed)
                let counts = Dictionary(uniqueKeysWithValues: classes.map { ($0, number) })
                return (0..<cameras).map { _ in
                    CameraCounting(
                        status: .online, objects: counts, zones: (1...4).map { _ in counts },
                        lines: (1...4).map { _ in ["in": counts, "out": counts] })
                }
            }, requestClip: { _ in })
        guard
            let publisher = try EventPublisher(
                description, cameras: published, access: access, environment: [:],
                console: Console(isQuiet: false, isTerminal: false))
        else { throw NothingToPublish() }
        (self.publisher, self.cameras, self.tick) = (publisher, cameras, tick)
        for worker in publisher.workers {
            let thread = try Flow.Worker<Void, Never>(name: worker.name) { [self] in
                worker.run { self.isOver.load(ordering: .acquiring) }
            }
            threads.withLock { $0.append(thread) }
        }
    }

    /// Publishes an event a second of each camera; returns the longest time of one and their number.
    func publish(seconds: Int) -> (longest: Double, events: Int) {
        var longest: UInt64 = 0
        for _ in 0..<seconds {
            tick.number.wrappingAdd(1, ordering: .relaxed)
            for camera in 1...cameras {
                let event = PublishedEvent(
                    line:
                        "{\"camera\":\"camera-\(camera)\",\"event\":\"enter\",\"zone\":\"zone1\"}",
                    camera: "camera-\(camera)", kind: "enter", className: "car", time: Date())
                let start = MonotonicClock.system.now
                publisher.publish(event)
                longest = max(longest, MonotonicClock.system.now - start)
            }
            sleep(1)
        }
        return (Double(longest) / 1e9, seconds * cameras)
    }

    func end() {
        isOver.store(true, ordering: .releasing)
        for thread in threads.withLock({ $0 }) { thread.join() }
    }
}

import Analytics
import Flow
import Foundation
import TestSupport
import Testing

@testable import Configuration
@testable import Live
@testable import Pipeline
@testable import Publishing

/// States and events of a run's cameras at a broker and at a webhook.
@Suite(.timeLimit(.minutes(3)))
struct PublishingTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func description() throws -> LiveDescription {
        var description = LiveDescription()
        description.cameras = [
            CameraDescription(name: "gate", source: try Media.small())
        ]
        try description.set("lines", to: ["middle=0,0.5 1,0.5"])
        description.cameras[0].lines = description.lines
        description.spool.folder = scratch.path("spool")
        return description
    }

    @Test func settingsBecomePublishedCamerasAndStatusesCounts() throws {
        var description = try description()
        description.webhooks = [WebhookDescription(name: "w", url: "http://127.0.0.1:1/")]
        try description.set("zones", to: ["door=0,0 1,0 1,1; label=The door; classes=person"])
        description.cameras[0].zones = description.zones
        let run = try LiveRun(
            description, console: Console(isQuiet: true, isTerminal: false) { _ in },
            stop: .interrupt)
        let camera = try #require(run.statuses.first)
        let counting = CameraCounting(camera)
        #expect(counting.status == .offline && counting.zones.count == 1)
        var status = camera
        status.state = .watching
        #expect(CameraCounting(status).status == .online)
        status.age = 11
        #expect(CameraCounting(status).status == .stale)
        status.counting.lines[0].counts = [.in: ["car": 2]]
        #expect(CameraCounting(status).lines == [["in": ["car": 2]]])
    }

    #if MQTT
        @Test(.enabled(if: Mosquitto.isInstalled))
        func otherClientSeesTheStatesOfACamera() throws {
            let broker = try Mosquitto()
            let observer = try MosquittoObserver(port: broker.port)
            var description = try description()
            description.mqtt.broker = "mqtt://127.0.0.1:\(broker.port)"
            description.mqtt.node = "test"
            let live = try RunningLive(description)
            let top = "thunderline/test"
            live.wait(30) { observer.values["\(top)/gate/status"] == "online" }
            #expect(observer.values["\(top)/status"] == "online")
            #expect(observer.values["\(top)/gate/lines/middle/in/all"] == "0")
            #expect(observer.values["homeassistant/device/thunderline_test_gate/config"] != nil)
            let page = try #require(live.page)
            let metrics = try String(
                contentsOf: try #require(URL(string: "\(page)/metrics")), encoding: .utf8)
            #expect(metrics.contains("thunderline_publish_up{target=\"mqtt\"} 1"))
            #expect(metrics.contains("thunderline_publish_waiting{target=\"mqtt\"} 0"))
            _ = live.end()
            live.wait(5) { observer.values["\(top)/status"] == "offline" }
            #expect(observer.values["\(top)/status"] == "offline")
            withExtendedLifetime(broker) {}
        }

        /// Two runs side by side, so that both share the machine with the same programs: one publishes, one does not.
        @Test(.enabled(if: Mosquitto.isInstalled))
        func frozenBrokerAndHangingWebhookCostNoFrame() throws {
            let broker = try Mosquitto()
            let silent = try SilentServer()
            var description = try description()
            let alone = try RunningLive(description)
            description.mqtt.broker = "mqtt://127.0.0.1:\(broker.port)"
            description.webhooks = [
                WebhookDescription(name: "w", url: "http://127.0.0.1:\(silent.port)/")
            ]
            let live = try RunningLive(description)
            let publisher = try #require(live.run.publisher)
            live.wait(60) { publisher.counts[0].isUp && Self.decoded(live) > 0 }
            alone.wait(30) { Self.decoded(alone) > 0 }
            broker.freeze()
            let before = [Self.decoded(alone), Self.decoded(live)]
            let waits = Self.publish(500, to: publisher)
            let frames = [Self.decoded(alone) - before[0], Self.decoded(live) - before[1]]
            // Ten seconds of 25 frames; each file begins again on its own, which costs either run a few frames.
            #expect(frames[0] > 50 && Double(frames[1]) > 0.9 * Double(frames[0]), "\(frames)")
            // The scheduler of a busy machine stops a thread for tens of milliseconds; an answer never comes.
            #expect(waits[250] < 0.001 && waits[499] < 1, "\(waits[250]) \(waits[499])")
            _ = alone.end()
            checkTheEnd(of: live, publisher)
        }

        private static func decoded(_ live: RunningLive) -> Int {
            live.run.statuses[0].counts.decoded
        }

        /// Publishes events over ten seconds or more; returns the seconds of each call, sorted.
        private static func publish(_ count: Int, to publisher: EventPublisher) -> [Double] {
            (0..<count).map { number in
                usleep(20_000)
                let event = PublishedEvent(
                    line: "{\"number\":\(number)}", camera: "gate", kind: "enter",
                    className: "car", time: Date())
                let start = ProcessInfo.processInfo.systemUptime
                publisher.publish(event)
                return ProcessInfo.processInfo.systemUptime - start
            }.sorted()
        }

        /// All events wait in their queues, and all frames are accounted for.
        private func checkTheEnd(of live: RunningLive, _ publisher: EventPublisher) {
            let start = ProcessInfo.processInfo.systemUptime
            let report = live.end()
            // The last detection may take seconds without optimisation; the broker adds about two.
            #expect(ProcessInfo.processInfo.systemUptime - start < 15)
            #expect(report.cameras[0].counts.check())
            // The file ends and begins again, as a camera that is lost.
            #expect(report.cameras[0].counts.dropped.allSatisfy { $0.key == .connectionLost })
            // The camera's own events wait as well.
            for count in publisher.counts.map(\.waiting) {
                #expect(count >= 500)
                #expect(live.printed.contains { $0.contains("\(count) events wait") })
            }
        }
    #endif
}

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

        @Test(.enabled(if: Mosquitto.isInstalled))
        func frozenBrokerAndHangingWebhookCostNoFrame() throws {
            let broker = try Mosquitto()
            let silent = try SilentServer()
            var rates: [Double] = []
            for isPublishing in [false, true] {
                var description = try description()
                if isPublishing {
                    description.mqtt.broker = "mqtt://127.0.0.1:\(broker.port)"
                    description.webhooks = [
                        WebhookDescription(name: "w", url: "http://127.0.0.1:\(silent.port)/")
                    ]
                }
                let live = try RunningLive(description)
                live.wait(30) { live.run.statuses[0].counts.decoded > 0 }
                if isPublishing {
                    live.wait(10) { live.run.publisher?.counts[0].isUp == true }
                    broker.freeze()
                }
                let before = live.run.statuses[0].counts.decoded
                let began = ProcessInfo.processInfo.systemUptime
                for number in 0..<500 {
                    live.run.publisher?.publish(
                        PublishedEvent(
                            line: "{\"number\":\(number)}", camera: "gate", kind: "enter",
                            className: "car", time: Date()))
                    usleep(10_000)
                }
                let decoded = live.run.statuses[0].counts.decoded - before
                let start = ProcessInfo.processInfo.systemUptime
                rates.append(Double(decoded) / (start - began))
                let report = live.end()
                // The last detection may take seconds without optimisation; the broker adds about two.
                #expect(ProcessInfo.processInfo.systemUptime - start < 15)
                #expect(report.cameras[0].counts.check())
                // The file ends and begins again, as a camera that is lost.
                #expect(report.cameras[0].counts.dropped.allSatisfy { $0.key == .connectionLost })
                if isPublishing {
                    #expect(live.run.publisher?.counts.map(\.waiting) == [500, 500])
                    #expect(live.printed.contains { $0.contains("500 events wait") })
                }
            }
            // Other programs share the machine, so the rates need not be equal; a wait would end them.
            #expect(rates[0] > 0 && rates[1] > 0.5 * rates[0], "\(rates)")
        }
    #endif
}

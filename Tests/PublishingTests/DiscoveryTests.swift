import Configuration
import Foundation
import TestSupport
import Testing

@testable import Publishing

/// Home Assistant's discovery, read by a stub of its rules.
struct DiscoveryTests {
    private let discovery = Discovery(
        prefix: "homeassistant", root: "thunderline/house", node: "house",
        cameras: [RunningPublisher.gate], hasSnapshots: true)

    /// Keys that Home Assistant requires of each platform beside `unique_id`.
    private static let required: [String: [String]] = [
        "sensor": ["state_topic"], "binary_sensor": ["state_topic"], "image": ["image_topic"],
        "button": ["command_topic"],
    ]

    private func object(_ message: BrokerMessage) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(message.payload)) as? [String: Any])
    }

    @Test func everyDeviceMeetsTheRulesOfHomeAssistant() throws {
        let messages = discovery.messages(formerly: [:])
        #expect(
            messages.map(\.topic) == [
                "homeassistant/device/thunderline_house/config",
                "homeassistant/device/thunderline_house_gate/config",
            ])
        var identifiers: Set<String> = []
        for message in messages {
            #expect(message.isRetained)
            let config = try object(message)
            let device = try #require(config["device"] as? [String: Any])
            #expect((device["identifiers"] as? [String])?.count == 1)
            #expect((config["origin"] as? [String: Any])?["name"] as? String == "thunderline")
            let components = try #require(config["components"] as? [String: [String: Any]])
            for (key, component) in components {
                let platform = try #require(component["platform"] as? String)
                for name in ["unique_id"] + (try #require(Self.required[platform])) {
                    #expect(component[name] is String, "\(key) has no \(name)")
                }
                #expect(identifiers.insert(component["unique_id"] as? String ?? "").inserted)
            }
        }
        #expect(identifiers.count == 9)
    }

    @Test func everyStateTopicIsOneThatIsPublished() throws {
        let states = StateTopics(root: "thunderline/house", cameras: [RunningPublisher.gate])
        let topics = Set(states.messages([CameraCounting()]).map(\.topic)).union([
            "thunderline/house/status", "thunderline/house/gate/snapshot",
        ])
        for message in discovery.messages(formerly: [:]) {
            let config = try object(message)
            let components = try #require(config["components"] as? [String: [String: Any]])
            for component in components.values {
                for key in ["state_topic", "image_topic"] {
                    if let topic = component[key] as? String { #expect(topics.contains(topic)) }
                }
            }
            for entry in config["availability"] as? [[String: String]] ?? [] {
                #expect(topics.contains(entry["topic"] ?? ""))
            }
        }
    }

    @Test func componentsThatAreGoneKeepTheirPlatformOnly() throws {
        let former = ["thunderline_house_gate": ["zone_yard": "binary_sensor", "clip": "button"]]
        let config = try object(discovery.messages(formerly: former)[1])
        let components = try #require(config["components"] as? [String: [String: Any]])
        #expect(components["zone_yard"] as? [String: String] == ["platform": "binary_sensor"])
        #expect(components["clip"]?.count ?? 0 > 1)
    }

    @Test func namesOfClassesBecomeWordsOfTopics() {
        let camera = PublishedCamera(name: "a", classes: ["traffic light", "é/+#"])
        let messages = StateTopics(root: "t/n", cameras: [camera]).messages([
            CameraCounting(status: .online, objects: ["traffic light": 2])
        ])
        #expect(messages.contains(BrokerMessage("t/n/a/objects/traffic_light", "2")))
        #expect(messages.allSatisfy { !$0.topic.contains { "+# ".contains($0) } })
    }
}

#if MQTT
    /// Discovery at a real broker.
    @Suite(.enabled(if: Mosquitto.isInstalled), .timeLimit(.minutes(2)))
    struct DiscoveryAtBrokerTests {
        private let scratch: Scratch
        private let broker: Mosquitto
        private let device = "homeassistant/device/thunderline_house_gate/config"

        init() throws {
            scratch = try Scratch()
            broker = try Mosquitto()
        }

        private var description: LiveDescription {
            var description = LiveDescription()
            description.mqtt.broker = "mqtt://127.0.0.1:\(broker.port)"
            description.mqtt.node = "house"
            description.spool.folder = scratch.path("spool")
            return description
        }

        private func retained() throws -> [String: String] {
            let observer = try MosquittoObserver(port: broker.port)
            wait { !observer.messages.isEmpty }
            usleep(500_000)
            return observer.values
        }

        private func run(_ cameras: [PublishedCamera], _ description: LiveDescription) throws {
            let running = try RunningPublisher(description, cameras: cameras)
            #expect(wait { running.counts.isUp })
            // Everything is acknowledged before the topics that are gone are forgotten.
            sleep(1)
            running.end()
        }

        @Test func whatIsGoneIsRemovedFromTheBroker() throws {
            let yard = PublishedCamera(name: "yard", classes: ["person"])
            try run([RunningPublisher.gate, yard], description)
            let before = try retained()
            #expect(before["homeassistant/device/thunderline_house_yard/config"] != nil)
            #expect(before["thunderline/house/gate/zones/driveway/occupied"] == "OFF")
            var bare = RunningPublisher.gate
            bare.zones = []
            for _ in 1...2 {
                try run([bare], description)
                let after = try retained()
                #expect(after["homeassistant/device/thunderline_house_yard/config"] == nil)
                #expect(
                    after.keys.allSatisfy { !$0.contains("/yard/") && !$0.contains("driveway") })
                let text = try #require(after[device])
                #expect(text.contains(#""zone_driveway":{"platform":"binary_sensor"}"#))
                #expect(after["thunderline/house/gate/objects/car"] == "0")
            }
            var silent = description
            silent.mqtt.discovery = nil
            try run([bare], silent)
            let end = try retained()
            #expect(end.keys.allSatisfy { !$0.hasPrefix("homeassistant/") })
            #expect(end["thunderline/house/status"] == "offline")
        }

        @Test func birthOfHomeAssistantSendsEverythingAgain() throws {
            let running = try RunningPublisher(description)
            defer { running.end() }
            #expect(wait { running.counts.isUp })
            let observer = try MosquittoObserver(port: broker.port)
            #expect(wait { observer.values["thunderline/house/status"] == "online" })
            sleep(1)
            let count = observer.messages.count
            #expect(
                Program.run(
                    "mosquitto_pub",
                    ["-p", "\(broker.port)", "-t", "homeassistant/status", "-m", "online"]
                ).status == 0)
            #expect(wait { observer.messages.count >= count + 15 })
            let again = observer.messages.dropFirst(count).map(\.topic)
            #expect(again.contains(device))
            #expect(again.contains("thunderline/house/gate/zones/driveway/occupied"))
            // `online` comes last, so that nothing is shown as available before it is known.
            #expect(wait { observer.messages.last?.topic == "thunderline/house/status" })
        }

        @Test func pressedButtonRequestsAClipOfItsCamera() throws {
            let running = try RunningPublisher(description)
            defer { running.end() }
            #expect(wait { running.counts.isUp })
            usleep(500_000)
            for (topic, payload) in [
                ("gate/clip/set", "PRESS"), ("gate/clip/set", "press"), ("gate/clip", "PRESS"),
            ] {
                _ = Program.run(
                    "mosquitto_pub",
                    ["-p", "\(broker.port)", "-t", "thunderline/house/\(topic)", "-m", payload])
            }
            #expect(wait { !running.clips.isEmpty })
            usleep(300_000)
            #expect(running.clips == ["gate"])
        }

        @Test func snapshotIsRetainedAndKeptByTheNextRun() throws {
            do {
                let running = try RunningPublisher(description)
                #expect(wait { running.counts.isUp })
                running.publisher.publish(snapshot: Array("image".utf8), of: "gate")
                usleep(700_000)
                running.end()
            }
            try run([RunningPublisher.gate], description)
            #expect(try retained()["thunderline/house/gate/snapshot"] == "image")
        }

        @Test func tenThousandRetainedTopicsAreSentAgain() throws {
            let cameras = (1...50).map { number in
                PublishedCamera(
                    name: "camera-\(number)", classes: (1...200).map { "class\($0)" })
            }
            let running = try RunningPublisher(description, cameras: cameras)
            defer { running.end() }
            let observer = try MosquittoObserver(port: broker.port, topics: ["thunderline/#"])
            #expect(wait(40) { observer.values["thunderline/house/status"] == "online" })
            #expect(observer.values.count == 50 * 202 + 1)
        }
    }
#endif

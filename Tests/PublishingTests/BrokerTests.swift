#if MQTT
    import Configuration
    import Foundation
    import Pipeline
    import TestSupport
    import Testing

    @testable import Publishing

    /// States and events at a real broker, which is killed, frozen, started again and particular about logins.
    @Suite(.enabled(if: Mosquitto.isInstalled), .timeLimit(.minutes(3)))
    struct BrokerTests {
        private let scratch: Scratch
        private let root = "thunderline/house"

        init() throws { scratch = try Scratch() }

        private func description(
            _ broker: Mosquitto, scheme: String = "mqtt"
        ) -> LiveDescription {
            var description = LiveDescription()
            description.mqtt.broker = "\(scheme)://127.0.0.1:\(broker.port)"
            description.mqtt.node = "house"
            description.spool.folder = scratch.path("spool")
            return description
        }

        private func events(_ observer: MosquittoObserver) -> [Int] {
            eventNumbers(
                observer.messages.filter { $0.topic == "\(root)/gate/events" }.map(\.payload))
        }

        @Test func lateSubscriberSeesAllStatesAndThenEveryChange() throws {
            let broker = try Mosquitto()
            let running = try RunningPublisher(description(broker))
            defer { running.end() }
            running.set(
                CameraCounting(
                    status: .online, objects: ["person": 2], zones: [["person": 1]],
                    lines: [["north": ["car": 3]]]))
            #expect(wait { running.counts.isUp })
            sleep(2)
            let observer = try MosquittoObserver(port: broker.port, topics: ["\(root)/#"])
            let expected = [
                "status": "online", "gate/status": "online", "gate/objects/person": "2",
                "gate/objects/car": "0", "gate/objects/all": "2", "gate/zones/driveway/person": "1",
                "gate/zones/driveway/all": "1", "gate/zones/driveway/occupied": "ON",
                "gate/lines/stop/north/car": "3", "gate/lines/stop/north/all": "3",
                "gate/lines/stop/south/car": "0", "gate/lines/stop/south/all": "0",
            ]
            wait { observer.values.count >= expected.count }
            for (topic, value) in expected {
                #expect(observer.values["\(root)/\(topic)"] == value, "\(topic)")
            }
            #expect(observer.messages.allSatisfy { $0.isRetained })
            running.set(CameraCounting(status: .stale, objects: ["car": 1]))
            #expect(wait { observer.values["\(root)/gate/objects/car"] == "1" })
            #expect(wait { observer.values["\(root)/gate/status"] == "stale" })
            #expect(wait { observer.values["\(root)/gate/zones/driveway/occupied"] == "OFF" })
            // A lost camera counts nothing; its totals stay.
            running.set(CameraCounting(status: .offline, objects: ["car": 1]))
            #expect(wait { observer.values["\(root)/gate/objects/car"] == "0" })
        }

        @Test func topicIsSentOnceASecondAtMostAndItsLastValueAlways() throws {
            let broker = try Mosquitto()
            let observer = try MosquittoObserver(port: broker.port, topics: ["\(root)/#"])
            let running = try RunningPublisher(description(broker))
            defer { running.end() }
            #expect(wait { observer.values["\(root)/status"] == "online" })
            for number in 1...60 {
                running.set(CameraCounting(status: .online, objects: ["car": number]))
                usleep(50_000)
            }
            #expect(wait { observer.values["\(root)/gate/objects/car"] == "60" })
            let sent = observer.messages.count { $0.topic == "\(root)/gate/objects/car" }
            #expect(sent >= 3 && sent <= 6, "\(sent)")
        }

        @Test func orderlyEndLeavesOfflineAndLossSendsTheWill() throws {
            let broker = try Mosquitto()
            let observer = try MosquittoObserver(port: broker.port, topics: ["\(root)/#"])
            do {
                let running = try RunningPublisher(description(broker))
                running.set(
                    CameraCounting(
                        status: .online, objects: ["car": 1], lines: [["north": ["car": 7]]]))
                #expect(wait { observer.values["\(root)/gate/objects/car"] == "1" })
                running.publish(1)
                #expect(running.end() < 2)
            }
            #expect(wait { observer.values["\(root)/status"] == "offline" })
            #expect(observer.values["\(root)/gate/status"] == "offline")
            #expect(observer.values["\(root)/gate/objects/car"] == "0")
            // Totals keep their value: zero would be taken for a counter that began again.
            #expect(observer.values["\(root)/gate/lines/stop/north/car"] == "7")
            #expect(events(observer) == [1])
            // A client with the same identifier takes the connection over, so the broker sends the will.
            let other = try RunningPublisher(description(broker))
            defer { other.end() }
            #expect(wait { observer.values["\(root)/status"] == "online" })
            let before = observer.messages.count
            let thief = try MosquittoObserver(
                port: broker.port, topics: ["none"], options: ["-i", "thunderline-house"])
            #expect(
                wait {
                    observer.messages.dropFirst(before).contains {
                        $0.topic == "\(root)/status" && $0.payload == "offline"
                    }
                })
            thief.end()
            #expect(wait { observer.values["\(root)/status"] == "online" })
        }

        @Test func killedBrokerGetsEveryEventOnceAndInOrder() throws {
            let broker = try Mosquitto(isSaved: true)
            let observer = try MosquittoObserver(
                port: broker.port, topics: ["\(root)/gate/events"], session: "observer")
            let running = try RunningPublisher(description(broker))
            defer { running.end() }
            for number in 1...20 { running.publish(number) }
            #expect(wait { events(observer) == Array(1...20) })
            sleep(1)
            broker.kill()
            #expect(wait { !running.counts.isUp })
            for number in 21...300 {
                running.publish(number, at: Date(timeIntervalSinceNow: number > 290 ? 0 : -60))
            }
            #expect(running.counts.waiting == 280)
            sleep(3)
            try broker.start()
            #expect(wait(40) { events(observer).count >= 300 })
            #expect(events(observer) == Array(1...300))
            #expect(wait { running.counts.waiting == 0 })
            let late = observer.messages.filter { $0.payload.contains("\"late\":true") }
            #expect(eventNumbers(late.map(\.payload)).starts(with: Array(21...290)))
            // Retained states are there again, though this broker may have lost them.
            let second = try MosquittoObserver(port: broker.port, topics: ["\(root)/status"])
            #expect(wait { second.values["\(root)/status"] == "online" })
            #expect(running.printed.count { $0.contains("tried again") } >= 1)
        }

        @Test func eventsOfARunWithoutBrokerAreSentByTheNextRun() throws {
            let broker = try Mosquitto()
            broker.kill()
            var settings = description(broker)
            settings.spool.limit = 50
            do {
                let first = try RunningPublisher(settings)
                for number in 1...60 { first.publish(number) }
                #expect(first.end() < 2)
                #expect(first.counts.waiting == 50 && first.counts.dropped == 10)
                #expect(
                    first.publisher.warnings == [
                        "MQTT: 50 events wait for the next run.",
                        "MQTT: 10 events were dropped, since too many waited.",
                    ])
                // Meanwhile nobody else may use the folder.
                #expect(throws: RunError.self) { try RunningPublisher(settings) }
            }
            try broker.start()
            let observer = try MosquittoObserver(port: broker.port, topics: ["\(root)/gate/events"])
            usleep(500_000)
            let second = try RunningPublisher(settings)
            defer { second.end() }
            #expect(wait { events(observer) == Array(11...60) })
            #expect(wait { second.counts.waiting == 0 })
        }

        @Test func frozenBrokerHoldsAWindowOfMessagesAndNothingElse() throws {
            let broker = try Mosquitto()
            let observer = try MosquittoObserver(port: broker.port, topics: ["\(root)/gate/events"])
            let running = try RunningPublisher(description(broker))
            defer { running.end() }
            #expect(wait { running.counts.isUp })
            // The observer has subscribed when it sees an event.
            #expect(
                wait(30) {
                    running.publish(0)
                    return wait(0.5) { !events(observer).isEmpty }
                })
            #expect(wait { running.counts.waiting == 0 })
            broker.freeze()
            var longest = 0.0
            for number in 1...2000 {
                let start = ProcessInfo.processInfo.systemUptime
                running.publish(number)
                running.set(CameraCounting(status: .online, objects: ["car": number]))
                longest = max(longest, ProcessInfo.processInfo.systemUptime - start)
            }
            #expect(longest < 0.25, "publishing waited \(longest) s")
            #expect(running.counts.waiting == 2000)
            sleep(2)
            broker.thaw()
            #expect(wait(60) { running.counts.waiting == 0 })
            wait(30) { events(observer).last == 2000 }
            let received = events(observer).filter { $0 > 0 }
            #expect(received == received.sorted() && received.count == 2000, "\(received.count)")
        }

        @Test func frozenBrokerDoesNotHoldUpTheEnd() throws {
            let broker = try Mosquitto()
            let running = try RunningPublisher(description(broker))
            #expect(wait { running.counts.isUp })
            broker.freeze()
            running.publish(1)
            #expect(running.end() < 3)
            #expect(running.counts.waiting == 1)
            broker.thaw()
        }

        @Test func wrongPasswordIsReportedOnceAndNeverShown() throws {
            let passwords = scratch.path("passwords")
            #expect(
                Program.run("mosquitto_passwd", ["-b", "-c", passwords, "user", "correct-horse"])
                    .status == 0)
            let broker = try Mosquitto(["allow_anonymous false", "password_file \(passwords)"])
            var settings = description(broker)
            settings.mqtt.credentials.variable = "LOGIN"
            do {
                let wrong = try RunningPublisher(
                    settings, environment: ["LOGIN": "user:battery-staple"])
                wrong.publish(1)
                sleep(3)
                wrong.end()
                #expect(wrong.printed.count { $0.contains("refuses the user or password") } == 1)
                #expect(!wrong.printed.joined().contains("battery-staple"))
                #expect(wrong.counts.waiting == 1 && !wrong.counts.isUp)
            }
            try "user:correct-horse\n".write(
                toFile: scratch.path("login"), atomically: true, encoding: .utf8)
            settings.mqtt.credentials.variable = nil
            settings.mqtt.credentials.file = scratch.path("login")
            let right = try RunningPublisher(settings)
            #expect(wait { right.counts.delivered == 1 })
            right.end()
            let spool = try FileManager.default.subpathsOfDirectory(atPath: scratch.path("spool"))
            for file in spool {
                let text = try String(
                    contentsOfFile: scratch.path("spool/\(file)"), encoding: .utf8)
                #expect(!text.contains("correct-horse"))
            }
        }

        @Test func credentialsAreNeededAndHaveAColon() throws {
            let broker = try Mosquitto()
            var settings = description(broker)
            settings.mqtt.credentials.variable = "LOGIN"
            #expect(throws: RunError.self) { try RunningPublisher(settings) }
            #expect(throws: RunError.self) {
                try RunningPublisher(settings, environment: ["LOGIN": "no-colon"])
            }
        }
    }
#endif

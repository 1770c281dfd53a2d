import Configuration
import Foundation
import Pipeline
import Synchronization
import TestSupport
import Testing

@testable import Publishing

/// Webhooks at a real server: slow, broken, gone, leading elsewhere, hanging.
@Suite(.timeLimit(.minutes(2)))
struct WebhookTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func description(_ server: WebhookServer) -> LiveDescription {
        var description = LiveDescription()
        description.webhooks = [
            WebhookDescription(name: "home", url: "http://127.0.0.1:\(server.port)/hook?key=s3cret")
        ]
        description.spool.folder = scratch.path("spool")
        return description
    }

    @Test func requestIsSignedByTheRulesOfStandardWebhooks() throws {
        let server = try WebhookServer { _ in .status(204) }
        var settings = description(server)
        settings.webhooks[0].secret.variable = "HOOK"
        let key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let running = try RunningPublisher(settings, environment: ["HOOK": "whsec_\(key)"])
        running.publish(1)
        #expect(wait { running.counts.delivered == 1 })
        running.end()
        let request = try #require(server.requests.first)
        #expect(request.path == "/hook" && request.headers["content-type"] == "application/json")
        let sent = Double(request.headers["webhook-timestamp"] ?? "") ?? 0
        #expect(abs(sent - Date().timeIntervalSince1970) < 30)
        let body = try #require(
            try JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [String: Any])
        #expect(body["type"] as? String == "thunderline.enter")
        let data = try #require(body["data"] as? [String: Any])
        #expect(data["event_id"] as? String == request.id && request.id.count == 26)
        #expect((body["timestamp"] as? String)?.hasSuffix("Z") == true)
        // Checked by another implementation of HMAC.
        let script = """
            import base64, hashlib, hmac, sys
            key, text = base64.b64decode(sys.argv[1]), sys.argv[2].encode()
            print("v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode())
            """
        let text = "\(request.id).\(request.headers["webhook-timestamp"] ?? "").\(request.body)"
        let python = Program.run("python3", ["-c", script, key, text])
        guard python.status == 0 else { return print("SKIPPED: no python3 to check signatures") }
        #expect(
            String(decoding: python.text, as: UTF8.self)
                == (request.headers["webhook-signature"] ?? "") + "\n")
    }

    /// The example of the specification's reference libraries.
    @Test func signatureEqualsThePublishedExample() throws {
        let key = try #require(Data(base64Encoded: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = WebhookRequest.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330,
            body: #"{"test": 2432232314}"#, key: Array(key))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func onlyWantedEventsAreSent() throws {
        let server = try WebhookServer { _ in .status(200) }
        var settings = description(server)
        settings.webhooks[0].events = ["enter", "cross"]
        settings.webhooks.append(
            WebhookDescription(name: "cars", url: "http://127.0.0.1:\(server.port)/cars"))
        settings.webhooks[1].classes = ["car"]
        let running = try RunningPublisher(settings)
        for (number, kind) in ["begin", "enter", "leave", "cross"].enumerated() {
            running.publish(number, kind: kind)
        }
        #expect(wait { running.counts.delivered == 2 })
        usleep(300_000)
        running.end()
        #expect(Set(server.requests.compactMap(\.number)) == [1, 3])
        #expect(server.requests.allSatisfy { $0.path == "/hook" })
    }

    @Test func failedAttemptIsRepeatedWithTheSameIdentifierAndBody() throws {
        let count = Mutex(0)
        let server = try WebhookServer { _ in
            count.withLock { $0 += 1 }
            return count.withLock { $0 } == 1 ? .status(500) : .status(200)
        }
        let running = try RunningPublisher(description(server))
        running.publish(1)
        #expect(wait { running.counts.failedAttempts == 1 })
        #expect(running.counts.waiting == 1)
        // The first delay is 5 s, a fifth more or less.
        #expect(wait(12) { running.counts.delivered == 1 })
        running.end()
        try #require(server.requests.count == 2)
        #expect(server.requests[0].id == server.requests[1].id)
        #expect(server.requests[0].body == server.requests[1].body)
        #expect(running.printed.count { $0.contains("answers 500") } == 1)
        #expect(!running.printed.joined().contains("s3cret"))
    }

    @Test func goneStopsTheAddressForTheRun() throws {
        let server = try WebhookServer { _ in .status(410) }
        let running = try RunningPublisher(description(server))
        running.publish(1)
        #expect(wait { !running.counts.isUp })
        for number in 2...5 { running.publish(number) }
        usleep(500_000)
        running.end()
        #expect(server.requests.count == 1 && running.counts.waiting == 0)
        #expect(running.printed.contains { $0.contains("gone (410)") })
    }

    @Test func redirectIsNotFollowed() throws {
        let target = try WebhookServer { _ in .status(200) }
        let address = "http://127.0.0.1:\(target.port)/elsewhere"
        let server = try WebhookServer { _ in .status(307, ["Location": address]) }
        let running = try RunningPublisher(description(server))
        running.publish(1)
        #expect(wait { running.counts.failedAttempts == 1 })
        usleep(300_000)
        running.end()
        #expect(target.requests.isEmpty && running.counts.waiting == 1)
        #expect(running.printed.contains { $0.contains("redirects (307)") })
    }

    @Test func hangingAddressHoldsFourRequestsAndNobodyElse() throws {
        let server = try WebhookServer { _ in .hang }
        let running = try RunningPublisher(description(server))
        var longest = 0.0
        for number in 1...500 {
            let start = ProcessInfo.processInfo.systemUptime
            running.publish(number)
            longest = max(longest, ProcessInfo.processInfo.systemUptime - start)
        }
        #expect(longest < 0.25, "publishing waited \(longest) s")
        #expect(wait { server.requests.count == 4 })
        #expect(wait(14) { running.counts.failedAttempts >= 4 })
        #expect(running.printed.contains { $0.contains("did not answer within 10 s") })
        #expect(running.end() < 3)
        #expect(running.counts.waiting == 500 && server.mostAtOnce >= 4)
    }

    @Test func fullQueueDropsTheOldestAndTheNextRunSendsTheRest() throws {
        let isBroken = Mutex(true)
        let server = try WebhookServer { _ in
            isBroken.withLock { $0 } ? .status(503) : .status(200)
        }
        var settings = description(server)
        settings.spool.limit = 20
        do {
            let first = try RunningPublisher(settings)
            for number in 1...30 { first.publish(number) }
            #expect(first.counts.waiting == 20 && first.counts.dropped == 10)
            first.end()
        }
        isBroken.withLock { $0 = false }
        let count = server.requests.count
        let second = try RunningPublisher(settings)
        #expect(wait { second.counts.waiting == 0 })
        second.end()
        let sent = server.requests.dropFirst(count).compactMap(\.number)
        #expect(sent.sorted() == Array(11...30) && server.mostAtOnce <= 4)
    }

    @Test func addressThatRefusesConnectionsIsTriedAgain() throws {
        var settings = LiveDescription()
        settings.webhooks = [
            WebhookDescription(name: "home", url: "http://127.0.0.1:\(Mosquitto.freePort)/s3cret")
        ]
        settings.spool.folder = scratch.path("spool")
        let running = try RunningPublisher(settings)
        running.publish(1)
        #expect(wait { running.counts.failedAttempts == 1 })
        running.end()
        #expect(running.printed.contains { $0.contains("cannot be reached") })
        #expect(!running.printed.joined().contains("s3cret"))
    }

    @Test func secretsAreCheckedAndNotShown() throws {
        let server = try WebhookServer { _ in .status(200) }
        var settings = description(server)
        settings.webhooks[0].secret.variable = "HOOK"
        for secret in ["whsec_not base 64!", "short-one"] {
            let error = #expect(throws: RunError.self) {
                try RunningPublisher(settings, environment: ["HOOK": secret])
            }
            #expect(error?.message.contains("home") == true)
            #expect(error?.message.contains(secret) == false)
        }
    }
}

/// Times of the attempts to deliver an event.
struct DeliveryPlanTests {
    @Test func delaysGrowOverADayAndThenTheEventIsGivenUp() throws {
        var plan = DeliveryPlan()
        plan.add(1, age: 0, at: 0)
        var now = 0.0
        for delay in DeliveryPlan.delays {
            #expect(plan.begin(at: now) == 1)
            #expect(plan.end(1, .status(500, retryAfter: nil), at: now, chance: 0.5) == .again)
            #expect(plan.begin(at: now + delay - 0.01) == nil)
            now += delay
        }
        #expect(now > 86400 && plan.begin(at: now) == 1)
        #expect(plan.end(1, .failed("no"), at: now, chance: 0.5) == .givenUp)
        #expect(plan.count == 0)
    }

    @Test func delaysDifferByAFifth() {
        for (chance, factor) in [(0.0, 0.8), (1.0, 1.2)] {
            var plan = DeliveryPlan()
            plan.add(1, age: 0, at: 0)
            _ = plan.begin(at: 0)
            _ = plan.end(1, .failed("no"), at: 0, chance: chance)
            #expect(plan.begin(at: 5 * factor - 0.01) == nil)
            #expect(plan.begin(at: 5 * factor + 0.01) == 1)
        }
    }

    @Test func retryAfterIsObeyedUpToADay() {
        for (asked, waited) in [(2.0, 5.0), (60, 60), (1e9, 86400)] {
            var plan = DeliveryPlan()
            plan.add(1, age: 0, at: 0)
            _ = plan.begin(at: 0)
            _ = plan.end(1, .status(503, retryAfter: asked), at: 0, chance: 0.5)
            #expect(plan.begin(at: waited - 0.1) == nil)
            #expect(plan.begin(at: waited + 0.1) == 1)
        }
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        #expect(WebhookTransport.seconds("120", from: now) == 120)
        #expect(WebhookTransport.seconds("Tue, 14 Nov 2023 22:14:20 GMT", from: now) == 60)
        #expect(WebhookTransport.seconds("soon", from: now) == nil)
        #expect(WebhookTransport.seconds("-5", from: now) == 0)
    }

    @Test func eventOfAnEarlierRunContinuesByItsAge() {
        for (age, delay) in [(0.0, 5.0), (6, 30), (700, 600), (4000, 3600), (30000, 86400)] {
            var plan = DeliveryPlan()
            plan.add(1, age: age, at: 0)
            _ = plan.begin(at: 0)
            _ = plan.end(1, .failed("no"), at: 0, chance: 0.5)
            #expect(plan.begin(at: delay - 0.1) == nil && plan.begin(at: delay + 0.1) == 1)
        }
        var old = DeliveryPlan()
        old.add(1, age: 200_000, at: 0)
        _ = old.begin(at: 0)
        #expect(old.end(1, .failed("no"), at: 0, chance: 0.5) == .givenUp)
    }

    @Test func fourAtOnceAndTheOldestFirst() {
        var plan = DeliveryPlan()
        for number in 1...6 { plan.add(UInt64(number), age: 0, at: 0) }
        #expect((0..<5).map { _ in plan.begin(at: 0) } == [1, 2, 3, 4, nil])
        #expect(plan.end(2, .status(200, retryAfter: nil), at: 0, chance: 0) == .delivered)
        #expect(plan.begin(at: 0) == 5)
        #expect(plan.end(1, .status(410, retryAfter: nil), at: 0, chance: 0) == .gone)
    }
}

/// Events as they are queued and sent.
struct PublishedEventTests {
    @Test func queuedTextReadsBackAndLateEventsSaySo() throws {
        let time = Date(timeIntervalSince1970: 1_700_000_000.25)
        let event = PublishedEvent(
            line: "{\"class\":\"traffic light\"}\n", camera: "gate", kind: "enter",
            className: "traffic light", time: time)
        let read = try #require(PublishedEvent(queued: event.queued))
        #expect(read.json == event.json && read.id == event.id && read.time == event.time)
        #expect(read.camera == "gate" && read.kind == "enter")
        #expect(event.json == "{\"class\":\"traffic light\",\"event_id\":\"\(event.id)\"}")
        #expect(event.json(at: time + 9) == event.json)
        #expect(event.json(at: time + 11).hasSuffix(",\"late\":true}"))
        for text in ["", "a b c", "id gate enter x {}", "id gate enter 5 text"] {
            #expect(PublishedEvent(queued: text) == nil)
        }
    }

    @Test func identifiersSortByTimeAndAreAsSpecified() {
        // The first ten characters of the specification's example stand for its time.
        let example = ULID.make(milliseconds: 1_469_918_176_385, high: 0, low: 0)
        #expect(example == "01ARYZ6S41" + String(repeating: "0", count: 16))
        #expect(
            ULID.make(milliseconds: .max, high: .max, low: .max) == "7"
                + String(repeating: "Z", count: 25))
        let times = (0..<50).map { Date(timeIntervalSince1970: 1e9 + Double($0)) }
        let identifiers = times.map { ULID.make(at: $0) }
        #expect(identifiers == identifiers.sorted() && Set(identifiers).count == 50)
    }
}

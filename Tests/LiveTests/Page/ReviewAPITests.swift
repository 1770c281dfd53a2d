import Flow
import FlyingFox
import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Configuration
@testable import EventStore
@testable import Live

/// Search and change of the event store over HTTP.
@Suite(.timeLimit(.minutes(1)))
struct ReviewAPITests {
    /// Page over a store with the objects 1 to 5: cars, the last a person, with a second between their begins.
    private final class Page {
        let scratch: Scratch
        let store: OpenStore
        let handler: PageHandler
        private let thread: Worker<Void, Never>

        init() throws {
            scratch = try Scratch()
            var description = StoreDescription()
            description.folder = scratch.path("store")
            let console = Console(isQuiet: true, isTerminal: false) { _ in }
            store = try #require(try OpenStore(description, console: console))
            handler = try pageHandler(snapshots: scratch.path("snapshots"), store: store)
            let writer = store.writer
            thread = try Worker(name: "store") { writer.run() }
            try FileManager.default.createDirectory(
                atPath: scratch.path("snapshots"), withIntermediateDirectories: true)
            for track in 1...5 { post(track) }
            while writer.counts.written < 10 { usleep(5000) }
        }

        deinit { store.writer.close() }

        private func post(_ track: Int) {
            for kind in ["begin", "end"] {
                var event = NewEvent(
                    camera: "gate", className: track == 5 ? "person" : "car", kind: kind,
                    track: track, time: track * 1000, score: 0.5, box: "[1,2,3,4]",
                    json:
                        "{\"camera\":\"gate\",\"event\":\"\(kind)\",\"id\":\(track),\"class\":\"car\"}"
                )
                if kind == "begin" { event.picture = [UInt8(track)] }
                if track == 2 { event.snapshot = "gate-2.jpg" }
                store.writer.post(event)
            }
        }

        func json(
            _ target: String, _ method: HTTPMethod = .GET, body: String = ""
        ) async throws -> (status: Int, value: Any?) {
            let reply = try await handler.handleRequest(
                pageRequest(target, method: method, body: body))
            let data = try await reply.bodyData
            return (
                reply.statusCode.code,
                try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
            )
        }

        func objects(_ query: String) async throws -> [[String: Any]] {
            let reply = try await json("/api/objects\(query)").value as? [String: Any]
            return try #require(reply?["objects"] as? [[String: Any]])
        }
    }

    @Test func withoutAStoreEventsAnswerAsBeforeAndObjectsAreNotFound() async throws {
        let handler = try pageHandler()
        let events = try await handler.handleRequest(pageRequest("/api/events"))
        #expect(try await events.bodyData == Data("[]".utf8))
        for path in ["/api/objects", "/api/objects/1", "/api/summary", "/objects/1.jpg"] {
            #expect(try await handler.handleRequest(pageRequest(path)).statusCode == .notFound)
        }
        let change = pageRequest("/api/objects/1", method: .PATCH, body: "{}")
        #expect(try await handler.handleRequest(change).statusCode == .notFound)
    }

    @Test func objectsAreFilteredAndPaged() async throws {
        let page = try Page()
        #expect(try await page.objects("?class=person").map { $0["id"] as? Int } == [5])
        #expect(try await page.objects("?after=000002000&before=000004000").count == 2)
        var (tracks, cursor) = ([Int](), "")
        repeat {
            let next = cursor.isEmpty ? "" : "&cursor=\(cursor)"
            let reply = try await page.json("/api/objects?limit=2\(next)").value as? [String: Any]
            let objects = try #require(reply?["objects"] as? [[String: Any]])
            tracks += objects.compactMap { $0["id"] as? Int }
            cursor = reply?["next"] as? String ?? ""
        } while !cursor.isEmpty
        #expect(tracks == [5, 4, 3, 2, 1])
        for query in ["?limit=0", "?camra=gate", "?between=8", "?after=soon", "?tz=Mars"] {
            #expect(try await page.json("/api/objects\(query)").status == 400, "\(query)")
        }
    }

    @Test func eventsHaveTheirFormerFieldsAndMoreAndALinkToTheNextPage() async throws {
        let page = try Page()
        let reply = try await page.handler.handleRequest(pageRequest("/api/events?limit=3"))
        let events = try #require(
            try JSONSerialization.jsonObject(with: await reply.bodyData) as? [[String: Any]])
        #expect(events.map { $0["id"] as? Int } == [5, 5, 4])
        #expect(
            events[0]["event"] as? String == "end" && events[0]["className"] as? String == "person")
        #expect(events[0]["starred"] as? Bool == false && events[0]["object"] as? Int != nil)
        let link = try #require(reply.headers[HTTPHeader("Link")])
        let next = try #require(link.firstMatch(of: /<(.+)>; rel="next"/)).output.1
        let more = try await page.json(String(next)).value as? [[String: Any]]
        #expect(more?.map { $0["id"] as? Int } == [4, 3, 3])
    }

    @Test func objectsAreChangedByThePageOnly() async throws {
        let page = try Page()
        let key = try #require(try await page.objects("?class=person").first?["key"] as? Int)
        let body = "{\"starred\":true,\"note\":\"the neighbour\"}"
        let reply = try await page.json("/api/objects/\(key)", .PATCH, body: body)
        let object = try #require(reply.value as? [String: Any])
        #expect(object["starred"] as? Bool == true && object["note"] as? String == "the neighbour")
        #expect((object["events"] as? [Any])?.count == 2)
        #expect(try await page.objects("?starred=1").count == 1)
        let foreign = pageRequest(
            "/api/objects/\(key)", method: .PATCH, [HTTPHeader("Origin"): "http://evil.example"],
            body: body)
        #expect(try await page.handler.handleRequest(foreign).statusCode == .forbidden)
        for (body, status) in [("[]", 400), ("{\"starred\":1}", 400), ("", 400)] {
            #expect(
                try await page.json("/api/objects/\(key)", .PATCH, body: body).status == status)
        }
        #expect(
            try await page.json("/api/objects/999", .PATCH, body: "{\"starred\":true}").status
                == 404)
        let long = String(repeating: "x", count: ReviewAPI.longestBody + 1)
        let refused = pageRequest("/api/objects/\(key)", method: .PATCH, body: long)
        #expect(try await page.handler.handleRequest(refused).statusCode == .payloadTooLarge)
    }

    @Test func deletedObjectIsGoneWithItsPictureAndSnapshot() async throws {
        let page = try Page()
        let snapshot = page.scratch.path("snapshots") + "/gate-2.jpg"
        try Data([1]).write(to: URL(fileURLWithPath: snapshot))
        let key = try #require(
            try await page.objects("?after=000002000&before=000003000").first?["key"] as? Int)
        let picture = try await page.handler.handleRequest(pageRequest("/objects/\(key).jpg"))
        #expect(try await picture.bodyData == Data([2]))
        #expect(try await page.json("/api/objects/\(key)", .DELETE).status == 200)
        #expect(try await page.json("/api/objects/\(key)").status == 404)
        #expect(try await page.json("/objects/\(key).jpg").status == 404)
        #expect(!FileManager.default.fileExists(atPath: snapshot))
        #expect(try await page.json("/api/objects/\(key)", .DELETE).status == 404)
    }

    @Test func summaryCountsHoursOfATimeZone() async throws {
        let page = try Page()
        let reply = try await page.json(
            "/api/summary?after=000000000&before=086400000&by=hour&tz=Asia/Kolkata")
        let bars = try #require(reply.value as? [[String: Any]])
        // 00:00 UTC is 05:30 in India, whose hour began at 23:30 UTC.
        #expect(bars.map { $0["objects"] as? Int } == [4, 1])
        #expect(bars[0]["time"] as? String == "1969-12-31T23:30:00.000Z")
        #expect(try await page.json("/api/summary?after=400d").status == 400)
        let names = try await page.json("/api/names").value as? [String: [String]]
        #expect(names == ["cameras": ["gate"], "classes": ["car", "person"], "places": []])
    }
}

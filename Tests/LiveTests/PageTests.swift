import Flow
import FlyingFox
import Foundation
import Pipeline
import Synchronization
import TestSupport
import Testing

@testable import Configuration
@testable import Live

/// Who may see the page, and what is answered.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct PageTests {
    private func page(_ address: String, token: String? = nil) -> PageDescription {
        var description = LiveDescription()
        description.page.address = address
        description.page.tokenVariable = token == nil ? nil : "TOKEN"
        return description.page
    }

    private func request(
        _ target: String, method: HTTPMethod = .GET, _ headers: [HTTPHeader: String] = [:]
    ) -> HTTPRequest {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        let query = parts.count > 1 ? parts[1].split(separator: "=").map(String.init) : []
        return HTTPRequest(
            method: method, version: .http11, path: parts[0],
            query: query.count == 2 ? [.init(name: query[0], value: query[1])] : [],
            headers: HTTPHeaders([.host: "127.0.0.1:8080"].merging(headers) { $1 }),
            body: HTTPBodySequence())
    }

    private func handler(token: String? = nil, snapshots: String? = nil) throws -> PageHandler {
        let settings = try DetectionContext(DetectDescription())
        let camera = Camera(
            CameraDescription(name: "gate", source: "rtsp://a:secret@host/"), settings,
            eventClasses: settings.classNames.map { _ in true }, seat: 0)
        return PageHandler(
            cameras: [camera], eventLog: EventLog(wantsFrames: false), snapshots: snapshots,
            token: token)
    }

    @Test func onlyLoopbackGoesWithoutAToken() throws {
        #expect(try PageAddress(page("127.0.0.1:80"), environment: [:]).token == nil)
        #expect(try PageAddress(page(":8080"), environment: [:]).host == "127.0.0.1")
        #expect(try PageAddress(page("[::1]:0"), environment: [:]).host == "::1")
        #expect(throws: RunError.self) { _ = try PageAddress(page("0.0.0.0:80"), environment: [:]) }
        #expect(throws: RunError.self) {
            _ = try PageAddress(page("10.1.2.3:80"), environment: [:])
        }
        for wrong in ["8080", "host", "127.0.0.1:99999", ""] {
            #expect(throws: RunError.self) { _ = try PageAddress(page(wrong), environment: [:]) }
        }
        let open = page("0.0.0.0:80", token: "TOKEN")
        for short in [[:], ["TOKEN": "short"], ["TOKEN": "long enough but with blanks"]] {
            #expect(throws: RunError.self) { _ = try PageAddress(open, environment: short) }
        }
        let token = "0123456789abcdef"
        #expect(try PageAddress(open, environment: ["TOKEN": token]).token == token)
    }

    @Test func withoutATokenOnlyThisMachinesNamesAreServed() async throws {
        let handler = try handler()
        for host in ["127.0.0.1:8080", "localhost", "[::1]:8080"] {
            let reply = try await handler.handleRequest(request("/", [.host: host]))
            #expect(reply.statusCode == .ok, "\(host)")
        }
        for host in ["evil.example", "evil.example:8080", "127.0.0.1.evil.example@x", ""] {
            let reply = try await handler.handleRequest(request("/api/cameras", [.host: host]))
            // A name that only begins like an address of this machine resolves to wherever its owner likes.
            #expect(reply.statusCode == .forbidden, "\(host)")
        }
    }

    @Test func aTokenOpensByHeaderCookieOrOnceByAddress() async throws {
        let token = "0123456789abcdef"
        let handler = try handler(token: token)
        for headers: [HTTPHeader: String] in [
            [:], [.authorization: "Bearer 0123456789abcdeX"],
            [HTTPHeader("Cookie"): "token=x"],
        ] {
            let reply = try await handler.handleRequest(request("/", headers))
            #expect(reply.statusCode == .unauthorized)
        }
        for headers: [HTTPHeader: String] in [
            [.authorization: "Bearer \(token)"],
            [HTTPHeader("Cookie"): "a=b; token=\(token)"],
        ] {
            let reply = try await handler.handleRequest(request("/", headers))
            #expect(reply.statusCode == .ok)
        }
        let arrived = try await handler.handleRequest(request("/?token=\(token)"))
        #expect(arrived.statusCode == .seeOther)
        #expect(arrived.headers[HTTPHeader("Set-Cookie")]?.contains("HttpOnly") == true)
        #expect(arrived.headers[.location] == "/")
        let health = try await handler.handleRequest(request("/healthz"))
        #expect(health.statusCode == .serviceUnavailable)
    }

    @Test func whatIsNotThereIsNotFoundAndNothingElseIsHandedOut() async throws {
        let scratch = try Scratch()
        _ = try scratch.write("private.jpg", "x")
        let handler = try handler(snapshots: scratch.url.path)
        for path in [
            "/nothing", "/api", "/api/x", "/cameras/none.jpg", "/cameras/gate", "/cameras/gate.png",
            "/cameras/gate.jpg.jpg", "/snapshots/private.jpg", "/snapshots/../private.jpg",
            "/page.js/x", "/cameras/../page.js", "/recordings/gate", "/recordings/gate/private.jpg",
            "/recordings/none/gate-20250131T235959.123Z.mp4",
            "/recordings/gate/gate-20250131T235959.123Z.mp4",
        ] {
            let reply = try await handler.handleRequest(request(path))
            #expect(reply.statusCode == .notFound, "\(path)")
        }
        for (target, method) in [
            ("/", HTTPMethod.POST), ("/api/cameras", .POST), ("/api/cameras/none/clip", .POST),
            ("/api/cameras/gate/clip/x", .POST), ("/", .DELETE), ("/", .PUT),
        ] {
            let reply = try await handler.handleRequest(request(target, method: method))
            #expect(reply.statusCode == .methodNotAllowed, "\(method) \(target)")
        }
    }

    @Test func aClipIsAskedForByThePageAndByNobodyElse() async throws {
        let token = "0123456789abcdef"
        let target = "/api/cameras/gate/clip"
        let known: [HTTPHeader: String] = [.authorization: "Bearer \(token)"]
        let guarded = try handler(token: token)
        let stranger = try await guarded.handleRequest(request(target, method: .POST))
        #expect(stranger.statusCode == .unauthorized)
        // Nothing is recorded here, which is said to those who may ask.
        let origin = HTTPHeader("Origin")
        let site = HTTPHeader("Sec-Fetch-Site")
        for headers in [
            [:], [origin: "http://127.0.0.1:8080"], [site: "same-origin"], [site: "none"],
        ] {
            let reply = try await guarded.handleRequest(
                request(target, method: .POST, known.merging(headers) { $1 }))
            #expect(reply.statusCode == .conflict, "\(headers)")
        }
        let open = try handler()
        for headers in [
            [origin: "http://evil.example"], [origin: "null"], [site: "cross-site"],
            [site: "same-site"], [origin: "http://127.0.0.1:9090"],
            [origin: "http://127.0.0.1:8080", site: "cross-site"],
        ] {
            let reply = try await guarded.handleRequest(
                request(target, method: .POST, known.merging(headers) { $1 }))
            #expect(reply.statusCode == .forbidden, "\(headers)")
            let loopback = try await open.handleRequest(request(target, method: .POST, headers))
            #expect(loopback.statusCode == .forbidden, "\(headers)")
        }
        // Looking does not make one.
        let look = try await open.handleRequest(request(target))
        #expect(look.statusCode == .notFound)
    }

    @Test func pathsAndHeadersThatAreTooLongAreRefused() async throws {
        let handler = try handler()
        let path = "/" + String(repeating: "a", count: 256)
        #expect(try await handler.handleRequest(request(path)).statusCode.code == 414)
        for (length, code) in [(4 << 10, 200), (16 << 10, 431)] {
            let long = HTTPHeader("X-Long")
            let reply = try await handler.handleRequest(
                request("/", [long: String(repeating: "a", count: length)]))
            #expect(reply.statusCode.code == code)
        }
    }

    @Test func theTokenLeadsToThisPageOnly() async throws {
        let handler = try handler(token: "0123456789abcdef")
        for (path, location) in [
            ("/", "/"), ("/metrics", "/metrics"), ("//evil.example/x", "/evil.example/x"),
            ("/a\r\nX: y", "/a%0D%0AX%3A%20y"),
        ] {
            var visit = request("/?token=0123456789abcdef")
            visit.path = path
            let reply = try await handler.handleRequest(visit)
            #expect(reply.statusCode == .seeOther)
            #expect(reply.headers[.location] == location)
        }
    }

    @Test func aStreamEndsWithItsCamera() async throws {
        let display = LatestPreview()
        let place = try #require(ConcurrencyLimit(limit: 1).take())
        var pictures = MJPEGStream(display: display, place: place, silence: 0.1)
            .makeAsyncIterator()
        display.show(Data("before".utf8), arrival: MonotonicClock.system.now)
        Task {
            try await Task.sleep(for: .milliseconds(50))
            display.show(Data("picture".utf8), arrival: MonotonicClock.system.now)
        }
        // What was drawn before anybody looked is of then.
        let part = try #require(try await pictures.nextBuffer(suggested: 1))
        #expect(String(decoding: part, as: UTF8.self).hasSuffix("\r\n\r\npicture\r\n"))
        #expect(try await pictures.nextBuffer(suggested: 1) == nil)
    }

    @Test func whoAsksForTheHeadGetsNoBody() async throws {
        let handler = try handler()
        let whole = try await handler.handleRequest(request("/page.js"))
        let head = try await handler.handleRequest(request("/page.js", method: .HEAD))
        #expect(head.statusCode == .ok && head.headers[.contentType] == whole.headers[.contentType])
        let length = try await whole.bodyData.count
        #expect(head.headers[.contentLength] == String(length))
        #expect(try await head.bodyData.isEmpty)
    }

    @Test func aPartOfAFileIsWhatPlayersAskFor() {
        #expect(StoredFile.part("bytes=0-", of: 10) == 0..<10)
        #expect(StoredFile.part("bytes=3-5", of: 10) == 3..<6)
        #expect(StoredFile.part("bytes=3-500", of: 10) == 3..<10)
        for odd in [
            nil, "", "bytes=", "bytes=-4", "bytes=10-", "bytes=5-3", "bytes=1-2,4-5", "x=1-2",
        ] {
            #expect(StoredFile.part(odd, of: 10) == nil)
        }
    }

    @Test func stateAndMetricsTellNoSecrets() async throws {
        let handler = try handler()
        for path in ["/api/cameras", "/api/events", "/metrics"] {
            let reply = try await handler.handleRequest(request(path))
            #expect(reply.statusCode == .ok)
            let text = String(decoding: try await reply.bodyData, as: UTF8.self)
            #expect(!text.contains("secret"), "\(text)")
        }
        let metrics = try await handler.handleRequest(request("/metrics")).bodyData
        let lines = String(decoding: metrics, as: UTF8.self).split(separator: "\n")
        #expect(lines.contains("thunderline_camera_up{camera=\"gate\"} 0.0"))
        for line in lines where !line.hasPrefix("#") {
            #expect(
                line.wholeMatch(of: /thunderline_[a-z_]+\{[^}]*\} [0-9.e+-]+/) != nil, "\(line)")
        }
    }
}

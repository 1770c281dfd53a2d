import FlyingFox
import Foundation
import TestSupport
import Testing

@testable import Live

struct PageHandlerTests {
    @Test func unknownPathsAreNotFoundAndOtherFilesAreNotServed() async throws {
        let scratch = try Scratch()
        _ = try scratch.write("private.jpg", "x")
        let handler = try pageHandler(snapshots: scratch.url.path)
        for path in [
            "/nothing", "/api", "/api/x", "/cameras/none.jpg", "/cameras/gate", "/cameras/gate.png",
            "/cameras/gate.jpg.jpg", "/snapshots/private.jpg", "/snapshots/../private.jpg",
            "/page.js/x", "/cameras/../page.js", "/recordings/gate", "/recordings/gate/private.jpg",
            "/recordings/none/gate-20250131T235959.123Z.mp4",
            "/recordings/gate/gate-20250131T235959.123Z.mp4",
        ] {
            let reply = try await handler.handleRequest(pageRequest(path))
            #expect(reply.statusCode == .notFound, "\(path)")
        }
        for (target, method) in [
            ("/", HTTPMethod.POST), ("/api/cameras", .POST), ("/api/cameras/none/clip", .POST),
            ("/api/cameras/gate/clip/x", .POST), ("/", .DELETE), ("/", .PUT),
        ] {
            let reply = try await handler.handleRequest(pageRequest(target, method: method))
            #expect(reply.statusCode == .methodNotAllowed, "\(method) \(target)")
        }
    }

    @Test func clipsAreRequestedByThisPageOnly() async throws {
        let token = "0123456789abcdef"
        let target = "/api/cameras/gate/clip"
        let known: [HTTPHeader: String] = [.authorization: "Bearer \(token)"]
        let guarded = try pageHandler(token: token)
        let stranger = try await guarded.handleRequest(pageRequest(target, method: .POST))
        #expect(stranger.statusCode == .unauthorized)
        // Nothing is recorded here, which authorized clients are told.
        let origin = HTTPHeader("Origin")
        let site = HTTPHeader("Sec-Fetch-Site")
        for headers in [
            [:], [origin: "http://127.0.0.1:8080"], [site: "same-origin"], [site: "none"],
        ] {
            let reply = try await guarded.handleRequest(
                pageRequest(target, method: .POST, known.merging(headers) { $1 }))
            #expect(reply.statusCode == .conflict, "\(headers)")
        }
        let open = try pageHandler()
        for headers in [
            [origin: "http://evil.example"], [origin: "null"], [site: "cross-site"],
            [site: "same-site"], [origin: "http://127.0.0.1:9090"],
            [origin: "http://127.0.0.1:8080", site: "cross-site"],
        ] {
            let reply = try await guarded.handleRequest(
                pageRequest(target, method: .POST, known.merging(headers) { $1 }))
            #expect(reply.statusCode == .forbidden, "\(headers)")
            let loopback = try await open.handleRequest(pageRequest(target, method: .POST, headers))
            #expect(loopback.statusCode == .forbidden, "\(headers)")
        }
        // A GET request does not make a clip.
        let reply = try await open.handleRequest(pageRequest(target))
        #expect(reply.statusCode == .notFound)
    }

    @Test func tooLongPathsAndHeadersAreRefused() async throws {
        let handler = try pageHandler()
        let path = "/" + String(repeating: "a", count: 256)
        #expect(try await handler.handleRequest(pageRequest(path)).statusCode.code == 414)
        for (length, code) in [(4 << 10, 200), (16 << 10, 431)] {
            let long = HTTPHeader("X-Long")
            let reply = try await handler.handleRequest(
                pageRequest("/", [long: String(repeating: "a", count: length)]))
            #expect(reply.statusCode.code == code)
        }
    }

    @Test func headRequestsGetNoBody() async throws {
        let handler = try pageHandler()
        let whole = try await handler.handleRequest(pageRequest("/page.js"))
        let head = try await handler.handleRequest(pageRequest("/page.js", method: .HEAD))
        #expect(head.statusCode == .ok && head.headers[.contentType] == whole.headers[.contentType])
        let length = try await whole.bodyData.count
        #expect(head.headers[.contentLength] == String(length))
        #expect(try await head.bodyData.isEmpty)
    }

}

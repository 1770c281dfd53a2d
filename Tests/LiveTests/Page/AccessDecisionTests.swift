import FlyingFox
import Testing

@testable import Live

struct AccessDecisionTests {
    @Test func withoutATokenOnlyLoopbackHostsAreServed() async throws {
        let handler = try pageHandler()
        for host in ["127.0.0.1:8080", "localhost", "[::1]:8080"] {
            let reply = try await handler.handleRequest(pageRequest("/", [.host: host]))
            #expect(reply.statusCode == .ok, "\(host)")
        }
        for host in ["evil.example", "evil.example:8080", "127.0.0.1.evil.example@x", ""] {
            let reply = try await handler.handleRequest(pageRequest("/api/cameras", [.host: host]))
            // A name that only begins like a loopback address may resolve to any address.
            #expect(reply.statusCode == .forbidden, "\(host)")
        }
    }

    @Test func aTokenIsAcceptedAsHeaderCookieOrQuery() async throws {
        let token = "0123456789abcdef"
        let handler = try pageHandler(token: token)
        for headers: [HTTPHeader: String] in [
            [:], [.authorization: "Bearer 0123456789abcdeX"],
            [HTTPHeader("Cookie"): "token=x"],
        ] {
            let reply = try await handler.handleRequest(pageRequest("/", headers))
            #expect(reply.statusCode == .unauthorized)
        }
        for headers: [HTTPHeader: String] in [
            [.authorization: "Bearer \(token)"],
            [HTTPHeader("Cookie"): "a=b; token=\(token)"],
        ] {
            let reply = try await handler.handleRequest(pageRequest("/", headers))
            #expect(reply.statusCode == .ok)
        }
        let arrived = try await handler.handleRequest(pageRequest("/?token=\(token)"))
        #expect(arrived.statusCode == .seeOther)
        #expect(arrived.headers[HTTPHeader("Set-Cookie")]?.contains("HttpOnly") == true)
        #expect(arrived.headers[.location] == "/")
        let health = try await handler.handleRequest(pageRequest("/healthz"))
        #expect(health.statusCode == .serviceUnavailable)
    }

    @Test func theTokenRedirectStaysOnThisPage() async throws {
        let handler = try pageHandler(token: "0123456789abcdef")
        for (path, location) in [
            ("/", "/"), ("/metrics", "/metrics"), ("//evil.example/x", "/evil.example/x"),
            ("/a\r\nX: y", "/a%0D%0AX%3A%20y"),
        ] {
            var visit = pageRequest("/?token=0123456789abcdef")
            visit.path = path
            let reply = try await handler.handleRequest(visit)
            #expect(reply.statusCode == .seeOther)
            #expect(reply.headers[.location] == location)
        }
    }
}

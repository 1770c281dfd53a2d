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
        for host in [
            "evil.example", "evil.example:8080", "127.0.0.1.evil.example@x", "",
            "127.0.0.1:80@evil.example", "[::1].evil.example", "[::1", "127.0.0.1:x", "127.0.0.1:",
            "127.0.0.1:80:80", "localhost evil.example", "127.0.0.1, evil.example",
        ] {
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
            [HTTPHeader("Cookie"): try await cookie(handler, token, host: "127.0.0.1:8080")],
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

    /// Cookie that a visit with the token sets.
    private func cookie(_ handler: PageHandler, _ token: String, host: String) async throws
        -> String
    {
        let arrived = try await handler.handleRequest(
            pageRequest("/?token=\(token)", [.host: host]))
        let cookie = try #require(arrived.headers[HTTPHeader("Set-Cookie")])
        return String(cookie.prefix { $0 != ";" })
    }

    /// Browsers send a host's cookies to all of its ports: other programs there see it.
    @Test func theCookieIsNotTheTokenAndOfOnePort() async throws {
        let token = "0123456789abcdef"
        let handler = try pageHandler(token: token)
        let one = try await cookie(handler, token, host: "127.0.0.1:8080")
        let other = try await cookie(handler, token, host: "127.0.0.1:9090")
        #expect(!one.contains(token) && one.hasPrefix("thunderline-8080=") && one != other)
        let value = one.split(separator: "=")[1]
        for wrong in [
            other, "thunderline-9090=\(value)", "token=\(token)", "thunderline-8080=\(token)",
        ] {
            let reply = try await handler.handleRequest(
                pageRequest("/", [HTTPHeader("Cookie"): wrong]))
            #expect(reply.statusCode == .unauthorized, "\(wrong)")
        }
        let both = try await handler.handleRequest(
            pageRequest("/", [HTTPHeader("Cookie"): "a=b; \(other); \(one)"]))
        #expect(both.statusCode == .ok)
    }

    @Test(.timeLimit(.minutes(1)))
    func guessesOfTheTokenAreSlowed() async throws {
        let token = "0123456789abcdef"
        let handler = try pageHandler(token: token)
        let cookie = try await cookie(handler, token, host: "127.0.0.1:8080")
        let start = ContinuousClock.now
        let codes = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let guess = pageRequest("/?token=wrong-\(number)")
                    return try await handler.handleRequest(guess).statusCode.code
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        // Those that waited were judged; the others were not, so that none is learned faster.
        #expect(ContinuousClock.now - start > .seconds(GuessLimiter.delay * 0.9))
        #expect(codes.count { $0 == 401 } == GuessLimiter.limit)
        #expect(codes.count { $0 == 429 } == 20 - GuessLimiter.limit)
        async let wrong = handler.handleRequest(
            pageRequest("/", [.authorization: "Bearer 0123456789abcdeX"]))
        let known = try await handler.handleRequest(
            pageRequest("/", [HTTPHeader("Cookie"): cookie]))
        #expect(known.statusCode == .ok)
        #expect(try await wrong.statusCode == .unauthorized)
    }

    /// A page of any site could show the cameras of this machine, and take the places of streams.
    @Test func otherSitesMayOnlyLinkHere() async throws {
        let site = HTTPHeader("Sec-Fetch-Site")
        let (mode, target) = (HTTPHeader("Sec-Fetch-Mode"), HTTPHeader("Sec-Fetch-Dest"))
        let handler = try pageHandler()
        for origin in ["cross-site", "same-site"] {
            for path in [
                "/", "/cameras/gate.mjpeg", "/cameras/gate.jpg", "/api/cameras", "/metrics",
            ] {
                for headers: [HTTPHeader: String] in [
                    [site: origin], [site: origin, mode: "no-cors", target: "image"],
                    [site: origin, mode: "navigate", target: "iframe"],
                    [site: origin, mode: "navigate", target: "object"],
                ] {
                    let reply = try await handler.handleRequest(pageRequest(path, headers))
                    #expect(reply.statusCode == .forbidden, "\(path) \(headers)")
                }
            }
            let link = try await handler.handleRequest(
                pageRequest("/", [site: origin, mode: "navigate", target: "document"]))
            #expect(link.statusCode == .ok)
            #expect(link.headers[HTTPHeader("Cross-Origin-Resource-Policy")] == "same-origin")
        }
        for origin in ["same-origin", "none"] {
            let reply = try await handler.handleRequest(
                pageRequest("/api/cameras", [site: origin, mode: "cors"]))
            #expect(reply.statusCode == .ok)
        }
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

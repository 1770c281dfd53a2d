internal import Flow
internal import FlyingFox

/// Slows those who guess the token: a wrong one is answered after a second, a few at a time.
///
/// While that many requests of an address wait, none of its tokens is checked, so guessing in parallel is no faster.
/// Clients with the cookie are not affected.
final class GuessLimiter: Sendable {
    /// Wrong tokens of one address that wait for their answer.
    static let limit = 4
    /// Seconds until a wrong token is answered.
    static let delay = 1.0
    private static let addressLimit = 1024

    private let waiting = Lock<[String: Int]>([:])

    /// Judges a request; nil while its address must wait before another of its tokens is judged.
    ///
    /// After ``AccessDecision/wrongToken`` call ``punish(_:)``.
    func decide(_ request: HTTPRequest, _ token: String?) -> AccessDecision? {
        waiting.withLock { waiting in
            let host = Self.host(request.remoteAddress)
            let count = waiting[host] ?? 0
            let isFull = count == 0 && waiting.count >= Self.addressLimit
            if AccessDecision.hasToken(request), isFull || count >= Self.limit { return nil }
            let decision = AccessDecision(request, token: token)
            if decision == .wrongToken { waiting[host] = count + 1 }
            return decision
        }
    }

    /// Waits for the time that a wrong token costs.
    func punish(_ client: HTTPRequest.Address?) async {
        try? await Task.sleep(for: .seconds(Self.delay))
        let host = Self.host(client)
        waiting.withLock { waiting in
            let count = waiting[host, default: 1] - 1
            waiting[host] = count > 0 ? count : nil
        }
    }

    private static func host(_ client: HTTPRequest.Address?) -> String {
        switch client {
        case .ip4(let host, _): host
        // A site has a network of 64 bits, in which it may take any address.
        case .ip6(let host, _): host.split(separator: ":").prefix(4).joined(separator: ":")
        case .unix, nil: ""
        }
    }
}

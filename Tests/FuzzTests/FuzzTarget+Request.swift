import FlyingFox
import Foundation

@testable import Live

extension FuzzTarget {
    private static let token = "0123456789abcdef"

    /// Parses a request as the page's server does, and judges it.
    static func request(_ text: String) -> String {
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        let words = (lines.first ?? "").split(separator: " ").map(String.init)
        let target = words.count > 1 ? words[1] : "/"
        var headers = HTTPHeaders()
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            headers[HTTPHeader(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let query = URLComponents(string: target)?.queryItems?.map {
            HTTPRequest.QueryItem(name: $0.name, value: $0.value ?? "")
        }
        let request = HTTPRequest(
            method: HTTPMethod(words.first ?? "GET"), version: .http11, path: target,
            query: query ?? [], headers: headers, body: HTTPBodySequence())
        return judged(request, headers, text)
    }

    private static func judged(
        _ request: HTTPRequest, _ headers: HTTPHeaders, _ text: String
    ) -> String {
        let known = AccessDecision(request, token: token)
        let isKnown = known == .allowed || known.isRedirect
        // Nobody gets in who has neither the token nor the cookie, which no seed holds.
        precondition(
            !isKnown || text.removingPercentEncoding?.contains(token) ?? true,
            "a way past the token")
        let open = AccessDecision(request, token: nil)
        let host = PageHost(headers[.host] ?? "")
        precondition(
            open != .allowed || host.map { PageAddress.isLoopback($0.name) } == true,
            "a foreign host")
        _ = StoredFile.range(headers[.range], of: 1 << 20)
        return "\(known.kind) \(open.kind) \(host == nil) \(AccessDecision.hasToken(request))"
    }
}

extension AccessDecision {
    fileprivate var isRedirect: Bool { if case .redirect = self { true } else { false } }
    fileprivate var kind: Substring { "\(self)".prefix { $0 != "(" } }
}

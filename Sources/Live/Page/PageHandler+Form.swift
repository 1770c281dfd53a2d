internal import FlyingFox
internal import Foundation

/// Form of requests, judged before anything else.
extension PageHandler {
    private static let longestPath = 256
    /// Largest size of all header names and values together, in bytes.
    private static let longestHeaders = Int(ClientUsage.longestRequest)

    /// Refusal of a request by its body, method or size; nil for an acceptable one.
    static func refusal(ofForm request: HTTPRequest) -> HTTPResponse? {
        // First, since the rest of a body would be read as a request.
        guard hasAllowedBody(request) else {
            var refusal = HTTPResponse(
                statusCode: .payloadTooLarge,
                body: ClosingBody("Request bodies are not accepted.\n").body)
            refusal.headers = headers("text/plain; charset=utf-8")
            refusal.headers[.connection] = "close"
            return refusal
        }
        guard [.GET, .HEAD, .POST, .PATCH, .DELETE].contains(request.method) else {
            return refusal(
                .methodNotAllowed, "Only GET, HEAD, POST, PATCH and DELETE are supported.")
        }
        guard request.path.utf8.count <= longestPath else {
            return refusal(.uriTooLong, "The path is too long.")
        }
        guard length(of: request.headers) <= longestHeaders else {
            return refusal(.requestHeaderFieldsTooLarge, "The headers are too long.")
        }
        return nil
    }

    /// True without a body, and for a small one of a change whose length is known.
    private static func hasAllowedBody(_ request: HTTPRequest) -> Bool {
        guard let count = request.bodySequence.count else { return false }
        return count == 0 || request.method == .PATCH && count <= ReviewAPI.longestBody
    }

    private static func length(of headers: HTTPHeaders) -> Int {
        headers.reduce(0) { $0 + $1.key.rawValue.utf8.count + $1.value.utf8.count }
    }

    /// True for requests of this page: another site must not act with the client's cookie (CSRF).
    ///
    /// Browsers send the origin in `Origin` and `Sec-Fetch-Site`.
    static func isSameOrigin(_ request: HTTPRequest) -> Bool {
        let site = request.headers[HTTPHeader("Sec-Fetch-Site")]
        guard site == nil || site == "same-origin" || site == "none" else { return false }
        guard let origin = request.headers[HTTPHeader("Origin")] else { return true }
        guard let host = request.headers[.host], let mark = origin.range(of: "://") else {
            return false
        }
        return origin[mark.upperBound...].lowercased() == host.lowercased()
    }
}

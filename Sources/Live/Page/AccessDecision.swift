internal import FlyingFox

/// Decision whether a request may see the page.
enum AccessDecision {
    /// The client may see the page.
    case allowed
    /// The address held the token: set it as a cookie and redirect to the address without it.
    case redirect(cookie: String)
    /// The client does not know the token.
    case unauthorized
    /// The `Host` is not this machine's, as in an attack by DNS rebinding.
    case foreignHost

    init(_ request: HTTPRequest, token: String?) {
        guard let token else {
            let host = (request.headers[.host] ?? "").split(separator: "]").first ?? ""
            let name = host.hasPrefix("[") ? host.dropFirst() : host.prefix { $0 != ":" }
            self = PageAddress.isLoopback(String(name)) ? .allowed : .foreignHost
            return
        }
        let bearer = "Bearer " + token
        let cookies = (request.headers[HTTPHeader("Cookie")] ?? "").split(separator: ";")
            .map { $0.drop { $0 == " " } }
        if Self.equal(request.headers[.authorization] ?? "", bearer)
            || cookies.contains(where: { Self.equal(String($0), "token=" + token) })
        {
            self = .allowed
        } else if let given = request.query.first(where: { $0.name == "token" })?.value,
            Self.equal(given, token)
        {
            self = .redirect(cookie: "token=\(token); HttpOnly; SameSite=Strict; Path=/")
        } else {
            self = .unauthorized
        }
    }

    /// Compares in constant time for texts of equal length.
    private static func equal(_ a: String, _ b: String) -> Bool {
        guard a.utf8.count == b.utf8.count else { return false }
        return zip(a.utf8, b.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

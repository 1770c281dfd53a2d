internal import FlyingFox

/// Who asks, as far as it matters.
enum Visitor {
    /// May see the page.
    case welcome
    /// Brought the token in the address; gets a cookie and is sent on without it.
    case arrived(cookie: String)
    /// Does not know the token.
    case stranger
    /// Reached a page of this machine under a name that is not this machine's, as a hostile page would make it.
    case misled

    init(_ request: HTTPRequest, token: String?) {
        guard let token else {
            let host = (request.headers[.host] ?? "").split(separator: "]").first ?? ""
            let name = host.hasPrefix("[") ? host.dropFirst() : host.prefix { $0 != ":" }
            self = PageAddress.isLoopback(String(name)) ? .welcome : .misled
            return
        }
        let bearer = "Bearer " + token
        let cookies = (request.headers[HTTPHeader("Cookie")] ?? "").split(separator: ";")
            .map { $0.drop { $0 == " " } }
        if Self.equal(request.headers[.authorization] ?? "", bearer)
            || cookies.contains(where: { Self.equal(String($0), "token=" + token) })
        {
            self = .welcome
        } else if let given = request.query.first(where: { $0.name == "token" })?.value,
            Self.equal(given, token)
        {
            self = .arrived(cookie: "token=\(token); HttpOnly; SameSite=Strict; Path=/")
        } else {
            self = .stranger
        }
    }

    /// Compares in a time that says nothing about where two texts differ.
    private static func equal(_ a: String, _ b: String) -> Bool {
        guard a.utf8.count == b.utf8.count else { return false }
        return zip(a.utf8, b.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

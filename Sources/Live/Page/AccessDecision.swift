internal import FlyingFox
internal import Video

/// Decision whether a request may see the page.
enum AccessDecision: Equatable {
    /// The client may see the page.
    case allowed
    /// The address held the token: set the cookie and redirect to the address without it.
    case redirect(cookie: String)
    /// The client does not know the token.
    case unauthorized
    /// The client guesses: it gave a wrong token.
    case wrongToken
    /// The `Host` is not this machine's, as in an attack by DNS rebinding.
    case foreignHost
    /// A page of another site asks for a part of this one.
    case foreignSite

    init(_ request: HTTPRequest, token: String?) {
        guard !Self.isOfAnotherSite(request) else {
            self = .foreignSite
            return
        }
        let host = PageHost(request.headers[.host] ?? "")
        guard let token else {
            self = host.map { PageAddress.isLoopback($0.name) } == true ? .allowed : .foreignHost
            return
        }
        let (name, value) = Self.cookie(token, port: host?.port ?? "")
        if Self.cookies(of: request).contains(where: { Self.equal($0, "\(name)=\(value)") }) {
            self = .allowed
        } else if let given = Self.bearer(request) {
            self = Self.equal(given, token) ? .allowed : .wrongToken
        } else if let given = request.query.first(where: { $0.name == "token" })?.value {
            self =
                Self.equal(given, token)
                ? .redirect(cookie: "\(name)=\(value); HttpOnly; SameSite=Strict; Path=/")
                : .wrongToken
        } else {
            self = .unauthorized
        }
    }

    /// True when a token was given, right or wrong.
    static func hasToken(_ request: HTTPRequest) -> Bool {
        bearer(request) != nil || request.query.contains { $0.name == "token" }
    }

    /// Name and value of the cookie: not the token itself, and another one for each port of a host, since
    /// browsers send the cookies of a host to all of its ports.
    private static func cookie(_ token: String, port: String) -> (name: String, value: String) {
        let name = "thunderline-\(port)"
        return (name, KeyedHash.hexadecimal(of: "page cookie \(name)", key: token))
    }

    private static func cookies(of request: HTTPRequest) -> [String] {
        (request.headers[HTTPHeader("Cookie")] ?? "").split(separator: ";")
            .map { String($0.drop { $0 == " " }) }
    }

    private static func bearer(_ request: HTTPRequest) -> String? {
        let text = request.headers[.authorization] ?? ""
        return text.hasPrefix("Bearer ") ? String(text.dropFirst(7)) : nil
    }

    /// True for images, frames, scripts and fetches of another site's page.
    ///
    /// A link, or an address that was typed, is none of these. Browsers tell by `Sec-Fetch-Site`.
    private static func isOfAnotherSite(_ request: HTTPRequest) -> Bool {
        guard let site = request.headers[HTTPHeader("Sec-Fetch-Site")],
            site != "same-origin", site != "none"
        else { return false }
        let isNavigation =
            request.method != .POST && request.headers[HTTPHeader("Sec-Fetch-Mode")] == "navigate"
            && request.headers[HTTPHeader("Sec-Fetch-Dest")] == "document"
        return !isNavigation
    }

    /// Compares in constant time for texts of equal length.
    private static func equal(_ a: String, _ b: String) -> Bool {
        guard a.utf8.count == b.utf8.count else { return false }
        return zip(a.utf8, b.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// Parts of a `Host` header, which must have the form of a host as a whole.
struct PageHost {
    /// Name or address, without brackets.
    let name: String
    /// Port; empty where none is given.
    let port: String

    /// Nil for a text that is no host with an optional port.
    init?(_ text: String) {
        let isBracketed = text.hasPrefix("[")
        let head = isBracketed ? text.dropFirst().prefix { $0 != "]" } : text.prefix { $0 != ":" }
        var rest = text[head.endIndex...]
        if isBracketed {
            guard rest.first == "]" else { return nil }
            rest = rest.dropFirst()
        }
        let isName = head.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
                true
            default: isBracketed && byte == UInt8(ascii: ":")
            }
        }
        guard isName, !head.isEmpty else { return nil }
        guard rest.isEmpty || (rest.first == ":" && UInt16(rest.dropFirst()) != nil) else {
            return nil
        }
        (name, port) = (head.lowercased(), String(rest.dropFirst()))
    }
}

internal import Configuration
internal import Foundation
internal import Pipeline

/// Address at which the page is served, and the token that protects it.
struct PageAddress: Sendable {
    /// Numeric IP address of this machine.
    let host: String
    /// Port; 0 selects any free one.
    let port: UInt16
    /// Token that clients must present; nil for a page that only this machine reaches.
    let token: String?

    /// Parses a description; its token may be among the environment variables.
    ///
    /// - Throws: A `RunError` for an invalid address, or one that others reach without a token.
    init(_ page: PageDescription, environment: [String: String]) throws(RunError) {
        let text = page.address ?? ""
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else {
            throw RunError(.usage, "The page's address is HOST:PORT, such as 127.0.0.1:8080.")
        }
        let host = text[..<colon].filter { $0 != "[" && $0 != "]" }
        self.host = host.isEmpty || host == "localhost" ? "127.0.0.1" : String(host)
        self.port = port
        token = try Self.token(page, environment)
        if token == nil && !Self.isLoopback(self.host) {
            throw RunError(
                .usage,
                "A page on \(self.host) can be reached by other machines: set a token "
                    + "(page.token-variable or page.token-file), or use 127.0.0.1.")
        }
    }

    /// True for hosts that only this machine reaches.
    static func isLoopback(_ host: String) -> Bool {
        if host == "::1" || host == "localhost" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static let shortestToken = 16

    private static func token(
        _ page: PageDescription, _ environment: [String: String]
    ) throws(RunError) -> String? {
        guard
            let token = try Secret(
                variable: page.tokenVariable, file: page.tokenFile, owner: "The page's token",
                environment: environment)?.text
        else { return nil }
        guard token.utf8.count >= shortestToken,
            token.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: ";") })
        else {
            throw RunError(
                .usage,
                "The page's token must be at least \(shortestToken) printable ASCII characters without spaces."
            )
        }
        return token
    }
}

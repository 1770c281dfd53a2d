internal import Configuration
internal import Foundation
internal import Pipeline

/// Broker with the login; must never be shown, logged or written.
struct BrokerSettings: Sendable {
    /// Name or address.
    let host: String
    /// Port.
    let port: Int32
    /// True for a connection by TLS.
    let usesTLS: Bool
    /// Path of the certificates that the broker's must descend from; nil for the system's.
    let authority: String?
    /// User and password; nil for none.
    let login: (user: String, password: String)?
    /// First two parts of all topics: prefix and node.
    let root: String
    /// Name of this program among all at the broker.
    let node: String
    /// First part of the topics of Home Assistant's discovery; nil for none.
    let discovery: String?

    /// Client identifier, the same in every run: a broker ends the older of two connections with one.
    var clientID: String { "thunderline-\(node)" }
    /// Address for messages.
    var address: String { "\(usesTLS ? "mqtts" : "mqtt")://\(host):\(port)" }

    /// Finds the login and the node's name.
    ///
    /// - Throws: A `RunError` for an address, login or file that cannot be used.
    init(
        _ description: MQTTDescription, environment: [String: String]
    ) throws(RunError) {
        let address = description.broker ?? ""
        usesTLS = address.hasPrefix("mqtts://")
        guard let (host, port) = Self.split(address, port: usesTLS ? 8883 : 1883) else {
            throw RunError(
                .usage,
                "mqtt.broker is an address such as mqtt://192.0.2.5 or mqtts://broker:8883.")
        }
        (self.host, self.port) = (host, port)
        authority = description.authority
        if let authority, !FileManager.default.isReadableFile(atPath: authority) {
            throw RunError(.notReadable, "mqtt.ca: \(authority) cannot be read.")
        }
        if authority != nil && !usesTLS {
            throw RunError(
                .usage, "mqtt.ca is for brokers with TLS: write mqtts:// in mqtt.broker.")
        }
        login = try Self.login(description.credentials, environment)
        node = description.node ?? Self.hostName
        root = "\(description.prefix)/\(node)"
        discovery = description.discovery
    }

    /// Host and port of an address; IPv6 addresses are in brackets.
    private static func split(_ address: String, port: Int32) -> (host: String, port: Int32)? {
        guard let mark = address.range(of: "://") else { return nil }
        let scheme = address[..<mark.lowerBound]
        var rest = address[mark.upperBound...]
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard ["mqtt", "mqtts"].contains(scheme),
            let match = rest.wholeMatch(
                of: /(?:\[([0-9a-fA-F:]+)\]|([A-Za-z0-9._-]+))(?::([0-9]+))?/)
        else { return nil }
        let host = match.output.1 ?? match.output.2 ?? ""
        guard let digits = match.output.3 else { return (String(host), port) }
        guard let number = UInt16(digits), number > 0 else { return nil }
        return (String(host), Int32(number))
    }

    private static func login(
        _ credentials: CredentialsDescription, _ environment: [String: String]
    ) throws(RunError) -> (user: String, password: String)? {
        let owner = "The broker's credentials"
        guard let text = try credentials.secret(of: owner, environment) else { return nil }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !text.contains("\n") else {
            throw RunError(.usage, "\(owner) must be one line user:password.")
        }
        return (String(parts[0]), String(parts[1]))
    }

    /// Name of this host, without its domain.
    private static var hostName: String {
        let path = "/proc/sys/kernel/hostname"
        let name = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let word = Topic.word(String(name.prefix { $0 != "." && !$0.isWhitespace }.prefix(64)))
        return word.isEmpty ? "host" : word
    }
}

internal import Configuration
internal import Foundation
internal import Pipeline

/// Webhook with its secret; must never be shown, logged or written.
struct WebhookSettings: Sendable {
    /// Name in messages and metrics; the address may hold secrets.
    let name: String
    /// Address.
    let url: URL
    /// Key of signatures; nil for events that are not signed.
    let key: [UInt8]?
    private let kinds: Set<String>
    private let cameras: Set<String>
    private let classes: Set<String>

    private static let leastKeyLength = 16

    /// Finds the secret of a webhook.
    ///
    /// - Throws: A `RunError` for an address or a secret that cannot be used.
    init(
        _ description: WebhookDescription, environment: [String: String]
    ) throws(RunError) {
        name = description.name
        guard let url = URL(string: description.url), url.host?.isEmpty == false,
            ["http", "https"].contains(url.scheme)
        else { throw RunError(.usage, "Webhook \(name): its url is no address.") }
        self.url = url
        let owner = "The secret of webhook \(name)"
        let text = try description.secret.secret(of: owner, environment)
        key = try text.map { (text) throws(RunError) in try Self.key(text, owner) }
        kinds = Set(description.events)
        cameras = Set(description.cameras)
        classes = Set(description.classes)
    }

    /// Key of a secret: `whsec_` and base 64, or the bytes of any other text.
    private static func key(_ text: String, _ owner: String) throws(RunError) -> [UInt8] {
        let prefix = "whsec_"
        var key = Array(text.utf8)
        if text.hasPrefix(prefix) {
            guard let data = Data(base64Encoded: String(text.dropFirst(prefix.count))) else {
                throw RunError(.usage, "\(owner) begins with whsec_, but is no base 64.")
            }
            key = Array(data)
        }
        guard key.count >= leastKeyLength else {
            throw RunError(.usage, "\(owner) is shorter than \(leastKeyLength) bytes.")
        }
        return key
    }

    /// True for an event that the address wants.
    func wants(_ event: PublishedEvent) -> Bool {
        (kinds.isEmpty || kinds.contains(event.kind))
            && (cameras.isEmpty || cameras.contains(event.camera))
            && (classes.isEmpty || classes.contains(event.className))
    }
}

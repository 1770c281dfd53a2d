internal import Analytics

extension LiveSettingTable {
    /// Rows of brokers, webhooks and the queues before them.
    static let publishing: [Setting<LiveDescription>] = mqtt + spool + webhooks

    private static let mqtt: [Setting<LiveDescription>] = [
        .optional(
            key: "mqtt.broker", option: "--mqtt", \.mqtt.broker, .text,
            "Publish states and events to this MQTT broker, such as mqtt://192.0.2.5 or mqtts://broker:8883."
        ),
        .optional(
            key: "mqtt.credentials-variable", option: "--mqtt-credentials-variable",
            \.mqtt.credentials.variable, .text,
            "An environment variable that holds the broker's user:password."),
        .optional(
            key: "mqtt.credentials-file", option: "--mqtt-credentials-file",
            \.mqtt.credentials.file, .text, "A file that holds the broker's user:password."),
        .optional(
            key: "mqtt.ca", option: "--mqtt-ca", \.mqtt.authority, .text,
            "A file of certificates in PEM that the broker's must descend from; the system's by default."
        ),
        .one(
            key: "mqtt.prefix", option: nil, \.mqtt.prefix, .topic, "First part of all topics."),
        .optional(
            key: "mqtt.node", option: nil, \.mqtt.node, .name,
            "Second part of all topics; the name of this host by default."),
        .one(
            key: "mqtt.discovery", option: nil, \.mqtt.discovery, .topicOrNone,
            "First part of the topics of Home Assistant's discovery; none for no discovery."),
        .one(
            key: "mqtt.snapshots", option: nil, \.mqtt.snapshotWidth, .integer(in: 0...3840),
            "Largest width of published snapshots in pixels; 0 for no snapshots."),
    ]

    private static let spool: [Setting<LiveDescription>] = [
        .one(
            key: "spool.folder", option: nil, \.spool.folder, .text,
            "A folder that holds events until brokers and webhooks have received them."),
        .one(
            key: "spool.events", option: nil, \.spool.limit, .integer(in: 1...100_000),
            "Events kept for a broker or webhook that cannot be reached; the oldest are dropped."),
    ]

    private static let webhooks: [Setting<LiveDescription>] = [
        Setting(
            key: "webhooks", option: "--webhook", form: .list(separatedByCommas: false),
            summary:
                "Send events to this address by HTTP, optionally with a name: home=https://example.org/hook.",
            apply: { (texts, description) throws(SettingError) in
                description.webhooks = texts.enumerated().map { index, text in
                    var webhook = LiveDescription.newWebhook(number: index + 1)
                    webhook.setAddress(text)
                    return webhook
                }
            },
            render: { description in
                description.webhooks.isEmpty
                    ? nil : description.webhooks.map { "\($0.name)=\($0.url)" }
            })
    ]
}

extension LiveDescription {
    /// A webhook with the name that it has by its number.
    static func newWebhook(number: Int) -> WebhookDescription {
        WebhookDescription(name: "webhook-\(number)")
    }
}

/// The table of all settings of a single webhook.
public enum WebhookSettingTable {
    /// All settings, in the order of printed files.
    public static let all: [Setting<WebhookDescription>] = [
        .one(key: "name", option: nil, \.name, .name, "Its name: letters, digits, - and _."),
        .one(key: "url", option: nil, \.url, .text, "Its address, https:// or http://."),
        .optional(
            key: "secret.variable", option: nil, \.secret.variable, .text,
            "An environment variable that holds the secret of signatures."),
        .optional(
            key: "secret.file", option: nil, \.secret.file, .text,
            "A file that holds the secret of signatures."),
        Setting(
            key: "events", option: nil, form: .list(separatedByCommas: true),
            summary: "Kinds of events to send; all by default.",
            apply: { (texts, description) throws(SettingError) in
                let kinds = texts.flatMap(SettingText.commas)
                let known = ObjectEvent.Kind.allCases.map(\.rawValue)
                if let other = kinds.first(where: { !known.contains($0) }) {
                    throw SettingError(message: "has " + NearestWord.message(other, known))
                }
                description.events = kinds
            }, render: { $0.events.isEmpty ? nil : $0.events }),
        .list(
            key: "cameras", option: nil, \.cameras, separatedByCommas: true,
            "Cameras whose events are sent; all by default."),
        .list(
            key: "classes", option: nil, \.classes, separatedByCommas: true,
            "Classes of objects whose events are sent; all by default."),
    ]
}

extension SettingFormat<String> {
    /// One or more parts of a topic, with slashes between them.
    static var topic: Self {
        Self(
            form: .text,
            read: { (text) throws(SettingError) in
                let parts = text.split(separator: "/", omittingEmptySubsequences: false)
                guard text.utf8.count <= 128,
                    parts.allSatisfy({ CameraDescription.isName(String($0)) })
                else {
                    throw SettingError(
                        message:
                            "must be words of letters, digits, - and _ with slashes between them, not \"\(text)\""
                    )
                }
                return text
            }, write: { $0 })
    }
}

extension SettingFormat<String?> {
    /// Parts of a topic; nil for `none`.
    static var topicOrNone: Self {
        Self(
            form: .text,
            read: { (text) throws(SettingError) in
                text == "none" ? nil : try SettingFormat<String>.topic.read(text)
            }, write: { $0 ?? "none" })
    }
}

/// MQTT broker that receives states and events.
public struct MQTTDescription: Sendable, Hashable {
    /// Address: `mqtt://HOST` or `mqtts://HOST`, with `:PORT` where it is not 1883 or 8883; nil for no broker.
    public var broker: String?
    /// Location of user and password, which are never part of the description itself.
    public var credentials = CredentialsDescription()
    /// Path of the certificates that the broker's must descend from, in PEM; nil for the system's.
    public var authority: String?
    /// First part of all topics.
    public var prefix = "thunderline"
    /// Second part of all topics, which tells programs at one broker apart; nil for the name of the host.
    public var node: String?
    /// First part of the topics of Home Assistant's discovery; nil for no discovery.
    public var discovery: String? = "homeassistant"
    /// Largest width of snapshots in pixels; 0 for no snapshots.
    public var snapshotWidth = 640
}

/// Queues of events on disk, one per broker and webhook.
public struct SpoolDescription: Sendable, Hashable {
    /// Path of the folder that holds them.
    public var folder = "thunderline-spool"
    /// Events that each keeps while they cannot be delivered; the oldest are dropped.
    public var limit = 10_000
}

/// Address that receives events by HTTP, signed by the rules of Standard Webhooks.
public struct WebhookDescription: Sendable, Hashable {
    /// Its name in messages, metrics and file names.
    public var name: String
    /// Address: `https://` or `http://`.
    public var url = ""
    /// Location of the secret that signs the events; without one they are not signed.
    public var secret = CredentialsDescription()
    /// Kinds of events to send; empty for all.
    public var events: [String] = []
    /// Names of cameras whose events are sent; empty for all.
    public var cameras: [String] = []
    /// Names of the classes of objects whose events are sent; empty for all.
    public var classes: [String] = []

    /// A webhook with every default.
    public init(name: String, url: String = "") {
        self.name = name
        self.url = url
    }

    /// Sets the address from `NAME=ADDRESS` or an address alone.
    mutating func setAddress(_ text: String) {
        url = text
        guard let separator = text.firstIndex(of: "="),
            CameraDescription.isName(String(text[..<separator]))
        else { return }
        name = String(text[..<separator])
        url = String(text[text.index(after: separator)...])
    }
}

extension LiveDescription {
    /// True when anything is published.
    public var isPublishing: Bool { mqtt.broker != nil || !webhooks.isEmpty }

    /// Environment variables that hold secrets of brokers and webhooks.
    var publishingSecretVariables: [String] {
        ([mqtt.credentials.variable] + webhooks.map(\.secret.variable)).compactMap { $0 }
    }

    /// Contradictions between the settings of brokers and webhooks.
    var publishingContradictions: [String] { mqttContradictions + webhookContradictions }

    private var mqttContradictions: [String] {
        var found: [String] = []
        if let broker = mqtt.broker, let contradiction = Self.contradiction(ofBroker: broker) {
            found.append(contradiction)
        }
        if mqtt.credentials.isAmbiguous {
            found.append("The broker's credentials come from a variable or a file, not both.")
        }
        if mqtt.broker == nil && mqtt != MQTTDescription() {
            found.append("There is no broker to publish to: give mqtt.broker.")
        }
        return found
    }

    private static func contradiction(ofBroker broker: String) -> String? {
        guard broker.hasPrefix("mqtt://") || broker.hasPrefix("mqtts://") else {
            return "mqtt.broker is an address such as mqtt://192.0.2.5 or mqtts://broker:8883."
        }
        guard !broker.contains("@") else {
            return
                "mqtt.broker holds credentials: put user:password into a variable or a file, and "
                + "name it in mqtt.credentials-variable or mqtt.credentials-file."
        }
        return nil
    }

    private var webhookContradictions: [String] {
        var found: [String] = []
        var names: Set<String> = []
        for webhook in webhooks {
            let name = "Webhook \"\(webhook.name)\""
            if !names.insert(webhook.name).inserted {
                found.append("Two webhooks are called \"\(webhook.name)\": give each its own name.")
            }
            if !webhook.url.hasPrefix("https://") && !webhook.url.hasPrefix("http://") {
                found.append("\(name) needs a url that begins with https:// or http://.")
            }
            if webhook.secret.isAmbiguous {
                found.append("\(name): its secret comes from a variable or a file, not both.")
            }
            for camera in webhook.cameras where !cameras.contains(where: { $0.name == camera }) {
                found.append(
                    "\(name): camera " + NearestWord.message(camera, cameras.map(\.name)))
            }
        }
        return found
    }
}

extension CredentialsDescription {
    /// True when both a variable and a file are named.
    var isAmbiguous: Bool { variable != nil && file != nil }
}

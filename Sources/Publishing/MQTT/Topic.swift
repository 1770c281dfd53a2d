/// Topics below the root of a node.
enum Topic {
    /// A single part of a topic: other characters than letters, digits, `-` and `_` become `_`.
    static func word(_ text: String) -> String {
        String(
            text.unicodeScalars.map { scalar -> Character in
                let isPlain =
                    scalar.isASCII
                    && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                        || scalar == "-" || scalar == "_")
                return isPlain ? Character(scalar) : "_"
            })
    }
}

/// Message for a broker.
struct BrokerMessage: Sendable, Hashable {
    /// Topic.
    var topic: String
    /// Payload; empty to remove a retained message.
    var payload: [UInt8]
    /// True when the broker keeps it for later subscribers.
    var isRetained = true

    init(_ topic: String, _ payload: String, isRetained: Bool = true) {
        self.init(topic, Array(payload.utf8), isRetained: isRetained)
    }

    init(_ topic: String, _ payload: [UInt8], isRetained: Bool = true) {
        (self.topic, self.payload, self.isRetained) = (topic, payload, isRetained)
    }
}

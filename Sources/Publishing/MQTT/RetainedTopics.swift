/// Values of retained topics, and which of them the broker does not have yet.
///
/// A topic is sent when its value changes, at most once in an interval, and the last value is always sent.
struct RetainedTopics: Sendable {
    private struct Entry: Sendable {
        var payload: [UInt8]
        var sent: [UInt8]?
        var sentAt: UInt64 = 0
    }

    /// Least time between two messages of a topic, in nanoseconds.
    static let interval: UInt64 = 1_000_000_000

    private var entries: [String: Entry] = [:]
    /// Topics whose value was not sent.
    private var changed: Set<String> = []
    /// Topics in the order in which they appeared.
    private(set) var topics: [String] = []

    /// Sets the value of a topic.
    mutating func set(_ message: BrokerMessage) {
        if entries[message.topic] == nil { topics.append(message.topic) }
        var entry = entries[message.topic] ?? Entry(payload: [])
        entry.payload = message.payload
        entries[message.topic] = entry
        if entry.sent == entry.payload {
            changed.remove(message.topic)
        } else {
            changed.insert(message.topic)
        }
    }

    /// Messages with the values of all topics, which are then taken as sent.
    mutating func all(at now: UInt64) -> [BrokerMessage] {
        topics.compactMap { take($0, at: now) }
    }

    /// A message with a changed value whose topic may be sent now; nil for none.
    mutating func next(at now: UInt64) -> BrokerMessage? {
        let due = changed.first { topic in
            guard let entry = entries[topic] else { return false }
            return entry.sent == nil || now >= entry.sentAt + Self.interval
        }
        return due.flatMap { take($0, at: now) }
    }

    private mutating func take(_ topic: String, at now: UInt64) -> BrokerMessage? {
        guard var entry = entries[topic] else { return nil }
        (entry.sent, entry.sentAt) = (entry.payload, now)
        entries[topic] = entry
        changed.remove(topic)
        return BrokerMessage(topic, entry.payload)
    }
}

public import Foundation

/// Event on its way to brokers and webhooks.
public struct PublishedEvent: Sendable, Hashable {
    /// Identifier, a ULID; the same however often the event is sent.
    public let id: String
    /// Name of the camera.
    public let camera: String
    /// Kind of change, such as `enter`.
    public let kind: String
    /// Name of the object's class.
    public let className: String
    /// Time of the event.
    public let time: Date
    /// JSON object of the event, with the member `event_id`.
    public let json: String

    /// Makes an event of its NDJSON line, which ends with a closing brace.
    public init(line: String, camera: String, kind: String, className: String, time: Date) {
        id = ULID.make(at: time)
        (self.camera, self.kind, self.className, self.time) = (camera, kind, className, time)
        json = Self.adding("\"event_id\":\"\(id)\"", to: line)
    }

    /// The event as one line of a queue; the class is not part of it.
    var queued: String { "\(id) \(camera) \(kind) \(ULID.milliseconds(time)) \(json)" }

    /// Parses a line of a queue; nil for another text.
    init?(queued text: String) {
        let parts = text.split(separator: " ", maxSplits: 4).map(String.init)
        guard parts.count == 5, let milliseconds = UInt64(parts[3]), parts[4].hasPrefix("{") else {
            return nil
        }
        (id, camera, kind, className) = (parts[0], parts[1], parts[2], "")
        time = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        json = parts[4]
    }

    /// The JSON object, with `"late":true` when it is sent more than ten seconds after the event.
    func json(at now: Date) -> String {
        now.timeIntervalSince(time) > Self.lateAfter ? Self.adding("\"late\":true", to: json) : json
    }

    private static let lateAfter = 10.0

    private static func adding(_ member: String, to object: String) -> String {
        let body = object.trimmingCharacters(in: .whitespacesAndNewlines).dropLast()
        return body + (body.count > 1 ? "," : "") + member + "}"
    }
}

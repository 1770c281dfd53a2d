internal import Analytics
internal import Foundation
internal import Pipeline
internal import Scene

/// Event with the facts that are written.
struct EventRecord: Sendable {
    /// Name of the camera.
    var camera: String
    /// Change of a tracked object.
    var event: ObjectEvent
    /// Name of the object's class.
    var className: String
    /// Names of zones and lines.
    var text = EventText()
    /// Arrival of the frame, by this machine's clock.
    var time: Date
    /// Capture time by the camera's clock, where the camera sends it.
    var cameraTime: Date?
    /// File name of the snapshot, where one was written.
    var snapshot: String?
    /// Clip of the event, as a path in the folder of recordings without extension.
    var clip: String?

    /// NDJSON line, with its end.
    var line: String { json.text + "\n" }

    /// Object of `/api/events`: that of the line, an address of a small picture where there is one, and, for one
    /// release, `className`, the former name of `class`.
    func reply(thumbnail: String? = nil) -> String {
        var reply = json
        reply.add("className", className)
        if let thumbnail { reply.add("thumbnail", thumbnail) }
        return reply.text
    }

    private var json: JSONObject {
        JSONObject {
            $0.add("time", Self.text(time))
            $0.add("camera", camera)
            text.add(event, className: className, to: &$0)
            if let cameraTime { $0.add("camera_time", Self.text(cameraTime)) }
            if let snapshot { $0.add("snapshot", snapshot) }
            if let clip { $0.add("clip", clip) }
        }
    }

    /// Time in UTC with milliseconds, by RFC 3339.
    static func text(_ time: Date) -> String {
        time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// File name of the snapshot: `gate-20250131T235959.123Z-7-begin.jpg`.
    var snapshotName: String {
        let timestamp = RecordingName.timestamp(of: time)
        return "\(camera)-\(timestamp)-\(event.object.id)-\(event.kind.rawValue).jpg"
    }

    /// Time in the file name of a snapshot, which sorts; nil for other files.
    static func timestamp(ofSnapshot name: String) -> String? {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, Int(parts[parts.count - 2]) != nil,
            ObjectEvent.Kind.allCases.contains(where: {
                parts[parts.count - 1] == "\($0.rawValue).jpg"
            }),
            RecordingName.isTimestamp(parts[parts.count - 3])
        else { return nil }
        return String(parts[parts.count - 3])
    }
}

internal import Foundation
internal import Pipeline
internal import Scene

/// One event as it is written down.
struct EventRecord: Sendable {
    /// The camera's name.
    var camera: String
    /// What happened to which object.
    var event: ObjectEvent
    /// The name of the object's class.
    var className: String
    /// When the picture came, by this machine's clock.
    var time: Date
    /// When the picture was taken, by the camera's clock, where the camera tells.
    var cameraTime: Date?
    /// The picture's file name, where one was written.
    var snapshot: String?
    /// The clip that was made, as a path in the folder of recordings without its ending.
    var clip: String?

    /// One line of NDJSON, with its end.
    var line: String {
        let object = event.object
        let box = [object.box.x, object.box.y, object.box.width, object.box.height]
            .map(DecimalText.pixels).joined(separator: ",")
        var fields = [
            "\"time\":\"\(Self.text(time))\"", "\"camera\":\(JSONText.quoted(camera))",
            "\"event\":\"\(event.kind.rawValue)\"", "\"id\":\(object.id)",
            "\"class\":\(JSONText.quoted(className))",
            "\"score\":\(DecimalText.score(object.score))", "\"box\":[\(box)]",
            "\"seconds\":\(DecimalText.text(event.seconds, decimals: 3))",
        ]
        if let cameraTime { fields.append("\"camera_time\":\"\(Self.text(cameraTime))\"") }
        if let snapshot { fields.append("\"snapshot\":\(JSONText.quoted(snapshot))") }
        if let clip { fields.append("\"clip\":\(JSONText.quoted(clip))") }
        return "{" + fields.joined(separator: ",") + "}\n"
    }

    /// A time of day in UTC, to the millisecond, as RFC 3339 writes it.
    static func text(_ time: Date) -> String {
        time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// A name for the event's picture that sorts by time: `gate-20250131T235959.123Z-7-begin.jpg`.
    var snapshotName: String {
        let stamp = RecordingName.stamp(of: time)
        return "\(camera)-\(stamp)-\(event.object.id)-\(event.kind.rawValue).jpg"
    }

    /// The time in the name of an event's picture, which sorts; nil for a file that is none of ours.
    static func stamp(ofSnapshot name: String) -> String? {
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

internal import Foundation

/// Name of a recording: camera, time and kind, such as `gate-20250131T235959.123Z-clip.mp4`.
///
/// Names sort by time, and only files with such names are ever removed.
struct RecordingName: Hashable, Sendable {
    let camera: String
    /// Begin of the recording, or time at which a clip was requested, as `20250131T235959.123Z`.
    let timestamp: String
    let isClip: Bool

    /// Creates the name of a recording that begins at a time.
    init(camera: String, at time: Date, isClip: Bool) {
        self.camera = camera
        timestamp = Self.timestamp(of: time)
        self.isClip = isClip
    }

    /// Parses the name of a file in a camera's folder; nil for other files.
    init?(file: String, camera: String) {
        guard file.hasPrefix(camera + "-") else { return nil }
        let rest = file.dropFirst(camera.count + 1)
        let timestamp = rest.prefix(Self.pattern.count)
        guard Self.isTimestamp(timestamp) else { return nil }
        let tail = rest.dropFirst(timestamp.count)
        guard let dot = tail.firstIndex(of: "."), ["", "-clip"].contains(tail[..<dot]),
            Self.extensions.contains(tail[tail.index(after: dot)...])
        else { return nil }
        self.camera = camera
        self.timestamp = String(timestamp)
        isClip = dot != tail.startIndex
    }

    /// Time in UTC as file names contain it, so that they sort by time.
    static func timestamp(of time: Date) -> String {
        EventRecord.text(time).filter { $0 != "-" && $0 != ":" }
    }

    /// True for texts of that form.
    static func isTimestamp(_ text: Substring) -> Bool {
        text.count == pattern.count
            && zip(text, pattern).allSatisfy { $1 == "0" ? $0.isNumber : $0 == $1 }
    }

    private static let pattern = "00000000T000000.000Z"
    private static let extensions: Set<Substring> = [
        "mp4", "mkv", "ndjson", "partial.mp4", "partial.mkv", "partial.ndjson", "finishing.mp4",
        "finishing.mkv",
    ]

    /// True when the file of this name is finished, by its extension.
    func isFinished(as file: String) -> Bool {
        file.dropFirst(stem.count).count { $0 == "." } == 1
    }

    /// Name without extension.
    var stem: String { "\(camera)-\(timestamp)\(isClip ? "-clip" : "")" }

    /// Begin in seconds since 1970; nil for an invalid timestamp.
    var time: Double? {
        let digits = timestamp.filter(\.isNumber).map { Int(String($0)) ?? 0 }
        let number = { (range: Range<Int>) in digits[range].reduce(0) { $0 * 10 + $1 } }
        var parts = DateComponents()
        parts.timeZone = TimeZone(identifier: "UTC")
        (parts.year, parts.month, parts.day) = (number(0..<4), number(4..<6), number(6..<8))
        (parts.hour, parts.minute, parts.second) = (
            number(8..<10), number(10..<12), number(12..<14)
        )
        return Calendar(identifier: .gregorian).date(from: parts).map {
            $0.timeIntervalSince1970 + Double(number(14..<17)) / 1000
        }
    }
}

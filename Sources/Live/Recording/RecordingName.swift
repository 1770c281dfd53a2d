internal import Foundation

/// The name of a recording: camera, time and kind, such as `gate-20250131T235959.123Z-clip.mp4`.
///
/// Names sort by time, and only files with such names are ever removed.
struct RecordingName: Hashable, Sendable {
    let camera: String
    /// When it begins, or when a clip was asked for, as `20250131T235959.123Z`.
    let stamp: String
    let isClip: Bool

    /// The name of what begins at a time.
    init(camera: String, at time: Date, isClip: Bool) {
        self.camera = camera
        stamp = Self.stamp(of: time)
        self.isClip = isClip
    }

    /// Reads the name of a file in a camera's folder; nil for files that are none of ours.
    init?(file: String, camera: String) {
        guard file.hasPrefix(camera + "-") else { return nil }
        let rest = file.dropFirst(camera.count + 1)
        let stamp = rest.prefix(Self.form.count)
        guard Self.isTimestamp(stamp) else { return nil }
        let tail = rest.dropFirst(stamp.count)
        guard let dot = tail.firstIndex(of: "."), ["", "-clip"].contains(tail[..<dot]),
            Self.endings.contains(tail[tail.index(after: dot)...])
        else { return nil }
        self.camera = camera
        self.stamp = String(stamp)
        isClip = dot != tail.startIndex
    }

    /// A time as it stands in names of files, in UTC, so that they sort by it.
    static func stamp(of time: Date) -> String {
        EventRecord.text(time).filter { $0 != "-" && $0 != ":" }
    }

    /// Whether a text has the form of such a time.
    static func isTimestamp(_ text: Substring) -> Bool {
        text.count == form.count
            && zip(text, form).allSatisfy { $1 == "0" ? $0.isNumber : $0 == $1 }
    }

    private static let form = "00000000T000000.000Z"
    private static let endings: Set<Substring> = [
        "mp4", "mkv", "ndjson", "partial.mp4", "partial.mkv", "partial.ndjson", "finishing.mp4",
        "finishing.mkv",
    ]

    /// Whether a file of this name is finished, as its ending tells.
    func isFinished(as file: String) -> Bool {
        file.dropFirst(stem.count).count { $0 == "." } == 1
    }

    /// The name without an ending.
    var stem: String { "\(camera)-\(stamp)\(isClip ? "-clip" : "")" }

    /// When it begins, in seconds since 1970; nil for a stamp that is no time.
    var time: Double? {
        let digits = stamp.filter(\.isNumber).map { Int(String($0)) ?? 0 }
        let number = { (range: Range<Int>) in digits[range].reduce(0) { $0 * 10 + $1 } }
        var parts = DateComponents()
        parts.timeZone = TimeZone(identifier: "UTC")
        (parts.year, parts.month, parts.day) = (number(0..<4), number(4..<6), number(6..<8))
        (parts.hour, parts.minute, parts.second) = (
            number(8..<10), number(10..<12), number(12..<14)
        )
        return Calendar(identifier: .gregorian).date(from: parts)?.timeIntervalSince1970
    }
}

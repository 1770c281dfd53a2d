/// Rows for what is recorded of cameras.
enum RecordSettings {
    static let all: [Setting<LiveDescription>] = [
        .optional(
            "record.folder", "--record", \.record.folder, .text,
            "Record into this folder, a folder in it for each camera.", read: { $0 }, write: { $0 }
        ),
        .choice(
            "record.what", "--record-what", \.record.what,
            "The camera's own packets, annotated pictures, or packets on demand only."),
        .flag("record.sound", nil, \.record.sound, "Record sound."),
        .flag(
            "record.results", nil, \.record.results,
            "Write what was seen beside recorded packets, a line of NDJSON a picture."),
        .one(
            "record.segment", nil, \.record.segment, .seconds,
            "Begin a new file after this time, at the next key picture.",
            read: SettingText.seconds(in: 1...86400), write: SettingText.plain),
        .optional(
            "record.keep-for", "--keep-for", \.record.keepFor, .seconds,
            "Remove recordings after this time, such as 7d; never by default.",
            read: SettingText.seconds(in: 1...SettingText.longestTime), write: SettingText.plain),
        .optional(
            "record.keep-size", "--keep-size", \.record.keepSize, .bytes,
            "Remove the oldest recordings above this size of all together, such as 500G.",
            read: SettingText.bytes, write: { String($0) }),
        .list(
            "clips.classes", "--clip-classes", \.clips.classes, separatedByCommas: true,
            "Classes whose coming makes a clip; none by default."),
        .one(
            "clips.before", nil, \.clips.before, .seconds,
            "What a clip holds of the time before it was asked for, at least.",
            read: SettingText.seconds(in: 0...60), write: SettingText.plain),
        .one(
            "clips.after", nil, \.clips.after, .seconds,
            "What a clip holds of the time after it was asked for.",
            read: SettingText.seconds(in: 1...600), write: SettingText.plain),
    ]
}

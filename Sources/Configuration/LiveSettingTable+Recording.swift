extension LiveSettingTable {
    /// Rows of recordings and clips.
    static let recording: [Setting<LiveDescription>] = [
        .optional(
            "record.folder", "--record", \.record.folder, .text,
            "Record into this folder, one subfolder per camera."),
        .one(
            "record.what", "--record-what", \.record.what, .choice,
            "The camera's own packets, annotated frames, or packets on demand only."),
        .one("record.audio", nil, \.record.audio, .flag, "Record audio.").formerly("record.sound"),
        .one(
            "record.results", nil, \.record.results, .flag,
            "Write results beside recorded packets, a line of NDJSON per frame."),
        .one(
            "record.segment", nil, \.record.segment, .seconds(in: 1...86400),
            "Begin a new file after this time, at the next key frame."),
        .optional(
            "record.keep-for", "--keep-for", \.record.keepFor,
            .seconds(in: 1...SettingText.longestTime),
            "Remove recordings after this time, such as 7d; never by default."),
        .optional(
            "record.keep-size", "--keep-size", \.record.keepSize, .bytes,
            "Remove the oldest recordings above this total size, such as 500G."),
        .list(
            "clips.classes", "--clip-classes", \.clips.classes, separatedByCommas: true,
            "Classes whose objects start a clip when they begin; none by default."),
        .one(
            "clips.before", nil, \.clips.before, .seconds(in: 0...60),
            "Shortest time a clip holds before its request."),
        .one(
            "clips.after", nil, \.clips.after, .seconds(in: 1...600),
            "Time a clip holds after its request."),
    ]
}

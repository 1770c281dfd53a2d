extension LiveSettingTable {
    /// Rows of recordings and clips.
    static let recording: [Setting<LiveDescription>] = [
        .optional(
            key: "record.folder", option: "--record", \.record.folder, .text,
            "Record into this folder, one subfolder per camera."),
        .one(
            key: "record.what", option: "--record-what", \.record.what, .choice,
            "The camera's own packets, annotated frames, or packets on demand only."),
        .one(key: "record.audio", option: nil, \.record.audio, .flag, "Record audio.").formerly(
            "record.sound"),
        .one(
            key: "record.results", option: nil, \.record.results, .flag,
            "Write results beside recorded packets, a line of NDJSON per frame."),
        .one(
            key: "record.segment", option: nil, \.record.segment, .seconds(in: 1...86400),
            "Begin a new file after this time, at the next key frame."),
        .optional(
            key: "record.keep-for", option: "--keep-for", \.record.keepFor,
            .seconds(in: 1...SettingText.longestTime),
            "Remove recordings after this time, such as 7d; never by default."),
        .optional(
            key: "record.keep-size", option: "--keep-size", \.record.keepSize, .bytes,
            "Remove the oldest recordings above this total size, such as 500G."),
        .list(
            key: "clips.classes", option: "--clip-classes", \.clips.classes,
            separatedByCommas: true,
            "Classes whose objects start a clip when they begin; none by default."),
        .one(
            key: "clips.before", option: nil, \.clips.before, .seconds(in: 0...60),
            "Shortest time a clip holds before its request."),
        .one(
            key: "clips.after", option: nil, \.clips.after, .seconds(in: 1...600),
            "Time a clip holds after its request."),
    ]
}

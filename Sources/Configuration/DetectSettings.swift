/// The one table of everything `detect` can be told.
///
/// The command line, pipeline files, `--set`, the schema and the documentation's list all read it, so
/// none of them can know a setting that another does not.
public enum DetectSettings {
    /// All settings, in the order in which people think of them.
    public static let all: [Setting<DetectDescription>] =
        input + WatchSettings.model + threads + WatchSettings.objects + WatchSettings.tracking
        + overlay + output + rest

    /// The setting with a key.
    public static func setting(_ key: String) -> Setting<DetectDescription>? {
        all.first { $0.key == key }
    }

    private static let input: [Setting<DetectDescription>] = [
        .list(
            "input.sources", nil, \.input.sources, separatedByCommas: false,
            "Videos, images, folders, patterns, @lists of paths, -, devices or addresses."),
        .optional(
            "input.start", "--start", \.input.start, .seconds,
            "Skip this much of each source.", read: SettingText.seconds, write: SettingText.plain),
        .optional(
            "input.duration", "--duration", \.input.duration, .seconds,
            "Process this much of each source.", read: SettingText.seconds,
            write: SettingText.plain),
        .optional(
            "input.for", "--for", \.input.liveFor, .seconds,
            "Leave a live source after this time.", read: SettingText.seconds,
            write: SettingText.plain),
        .flag(
            "input.join", "--join", \.input.join,
            "Treat all sources as one recording: one output, identities and clock go on."),
        .flag(
            "input.deinterlace", "--deinterlace", \.input.deinterlace,
            "Weave interlaced pictures into whole ones."),
    ]

    private static let threads: [Setting<DetectDescription>] = [
        .optional(
            "model.threads", "--threads", \.model.threads, .integer(1...64),
            "Threads of the detector; one per core by default.",
            read: SettingText.integer(in: 1...64), write: { String($0) })
    ]

    private static let overlay: [Setting<DetectDescription>] = [
        .flag("overlay.boxes", "--no-boxes", \.overlay.boxes, "Draw outlines."),
        .flag(
            "overlay.labels", "--no-labels", \.overlay.labels,
            "Write name, identity and score above each box."),
        .flag(
            "overlay.traces", "--traces", \.overlay.traces, "Draw the recent path of each object."),
        .flag(
            "overlay.readout", "--readout", \.overlay.readout,
            "Write counts and rates in a corner."),
        .optional(
            "overlay.font", "--font", \.overlay.font, .text,
            "A TrueType or OpenType file; DejaVu Sans by default.", read: { $0 }, write: { $0 }),
    ]

    private static let output: [Setting<DetectDescription>] = [
        .optional(
            "output.path", "--output", \.output.path, .text,
            "The annotated file (mp4, mkv, mov), or a folder when there are several sources.",
            read: { $0 }, write: { $0 }),
        .flag(
            "output.video", "--no-video", \.output.video, "Write annotated video."),
        .flag(
            "output.overwrite", "--overwrite", \.output.overwrite, "Replace files that exist."),
        .flag(
            "output.skip-existing", "--skip-existing", \.output.skipExisting,
            "Leave out sources whose output exists."),
        .one(
            "output.encoder", "--encoder", \.output.encoder, .text,
            "FFmpeg's name of the video encoder.", read: { $0 }, write: { $0 }),
        .optional(
            "output.preset", "--preset", \.output.preset, .text,
            "The encoder's preset; veryfast by default.", read: { $0 }, write: { $0 }),
        .optional(
            "output.crf", "--crf", \.output.crf, .integer(0...63),
            "Constant quality, lower is better; 20 by default.",
            read: SettingText.integer(in: 0...63), write: { String($0) }),
        .optional(
            "output.bitrate", "--bitrate", \.output.bitrate, .bitrate,
            "Bits per second instead of constant quality.", read: SettingText.bitrate,
            write: { String($0) }),
        .choice(
            "output.pixel-format", "--pixel-format", \.output.pixelFormat,
            "8-bit 4:2:0, or depth and subsampling of the source."),
        .choice(
            "output.audio", "--audio", \.output.audio,
            "Copy sound where possible and re-encode it otherwise, only copy it, or leave it out."),
    ]

    private static let rest: [Setting<DetectDescription>] = [
        .list(
            "results", "--results", \.results, separatedByCommas: false,
            "Files of results: .ndjson, .csv, .mot.txt, .coco.json; - is NDJSON on standard output."
        ),
        .flag("quiet", "--quiet", \.isQuiet, "Say nothing but errors."),
    ]
}

extension DetectDescription {
    /// Sets one setting from its texts, as a command line or a file gives them.
    public mutating func set(_ key: String, to texts: [String]) throws(SettingError) {
        try set(key, to: texts, among: DetectSettings.all)
    }

    /// Sets one of some command's settings.
    public mutating func set(
        _ key: String, to texts: [String], among settings: [Setting<DetectDescription>]
    ) throws(SettingError) {
        guard let setting = settings.first(where: { $0.key == key }) else {
            throw SettingError(message: NearestWord.complaint(key, settings.map(\.key)))
        }
        try setting.apply(texts, &self)
    }

    /// Contradictions that no single setting shows, in sentences; empty when there are none.
    public var contradictions: [String] {
        var found: [String] = []
        if output.crf != nil && output.bitrate != nil {
            found.append("Constant quality (crf) and a bit rate exclude each other: give one.")
        }
        if tracking.every > 1 && tracking.detectRate != nil {
            found.append("every and detect-fps say the same thing in two ways: give one.")
        }
        if !output.video && results.isEmpty {
            found.append("Without video there is nothing to write: give results a file.")
        }
        if output.overwrite && output.skipExisting {
            found.append("overwrite and skip-existing exclude each other: give one.")
        }
        return found
    }
}

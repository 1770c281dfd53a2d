/// The table of all settings of `detect`.
public enum DetectSettingTable {
    /// All settings, in the order of help texts.
    public static let all: [Setting<DetectDescription>] =
        input + DetectionSettingRows.model + threads + DetectionSettingRows.objects
        + DetectionSettingRows.tracking + overlay + output + rest

    private static let input: [Setting<DetectDescription>] = [
        .list(
            "input.sources", nil, \.input.sources, separatedByCommas: false,
            "Videos, images, folders, patterns, @lists of paths, -, devices or addresses."),
        .optional(
            "input.start", "--start", \.input.start, .seconds(),
            "Skip this much of each source."),
        .optional(
            "input.duration", "--duration", \.input.duration, .seconds(),
            "Process this much of each source."),
        .optional(
            "input.for", "--for", \.input.liveFor, .seconds(),
            "Leave a live source after this time."),
        .one(
            "input.kind", "--kind", \.input.kind, .choice,
            "Treat an ambiguous source as live or as a recording."),
        .optional(
            "input.rate", "--rate", \.input.rate, .number(in: 0.1...1000),
            "Frames per second of a recording without timestamps, such as raw H.264 or numbered images."
        ),
        .one(
            "input.video-stream", "--video-stream", \.input.videoStream, .videoStream,
            "Video stream to watch, from 1, or all of them with {stream} in the output's name."),
        .one(
            "input.join", "--join", \.input.join, .flag,
            "Treat all sources as one recording with one output, one clock and continuous identities."
        ),
        .one(
            "input.deinterlace", "--deinterlace", \.input.deinterlace, .flag,
            "Deinterlace interlaced frames."),
    ]

    private static let threads: [Setting<DetectDescription>] = [
        .optional(
            "model.threads", "--threads", \.model.threads, .integer(in: 1...64),
            "Threads of the detector; one per core by default.")
    ]

    private static let overlay: [Setting<DetectDescription>] = [
        .one("overlay.boxes", "--no-boxes", \.overlay.boxes, .flag, "Draw boxes."),
        .one(
            "overlay.labels", "--no-labels", \.overlay.labels, .flag,
            "Write name, identity and score above each box."),
        .one(
            "overlay.traces", "--traces", \.overlay.traces, .flag,
            "Draw the recent path of each object."),
        .one(
            "overlay.readout", "--readout", \.overlay.readout, .flag,
            "Write counts and rates in a corner."),
        .optional(
            "overlay.font", "--font", \.overlay.font, .text,
            "A TrueType or OpenType file; DejaVu Sans by default."),
    ]

    private static let output: [Setting<DetectDescription>] = [
        .optional(
            "output.path", "--output", \.output.path, .text,
            "The annotated file (mp4, mkv, mov), or a folder for several sources."),
        .one("output.video", "--no-video", \.output.video, .flag, "Write annotated video."),
        .one(
            "output.overwrite", "--overwrite", \.output.overwrite, .flag,
            "Replace files that exist."),
        .one(
            "output.skip-existing", "--skip-existing", \.output.skipExisting, .flag,
            "Leave out sources whose output exists."),
        .one(
            "output.encoder", "--encoder", \.output.encoder, .text,
            "FFmpeg's name of the video encoder."),
        .optional(
            "output.preset", "--preset", \.output.preset, .text,
            "The encoder's preset; veryfast by default."),
        .optional(
            "output.crf", "--crf", \.output.crf, .integer(in: 0...63),
            "Constant quality, lower is better; 20 by default."),
        .optional(
            "output.bitrate", "--bitrate", \.output.bitrate, .bitrate,
            "Bits per second instead of constant quality."),
        .one(
            "output.pixel-format", "--pixel-format", \.output.pixelFormat, .choice,
            "8-bit 4:2:0, or depth and subsampling of the source."),
        .one(
            "output.audio", "--audio", \.output.audio, .choice,
            "Copy audio where possible and re-encode it otherwise, only copy it, or leave it out."),
    ]

    private static let rest: [Setting<DetectDescription>] = [
        .list(
            "results", "--results", \.results, separatedByCommas: false,
            "Files of results: .ndjson, .csv, .mot.txt, .coco.json; - is NDJSON on standard output."
        ),
        .one("quiet", "--quiet", \.isQuiet, .flag, "Print nothing but errors."),
    ]
}

/// Rows of detection and tracking, which the tables of recordings and of cameras share.
enum DetectionSettingRows<Description: DetectionDescription> {
    static var model: [Setting<Description>] {
        [
            .one(
                "model.name", "--model", \.model.name, .text,
                "A shipped model's name or a model file."),
            .optional(
                "model.input", "--input", \.model.inputSize, .size,
                "Size of the network's input, multiples of 32; the model's own by default."),
            .optional(
                "model.fit", "--fit", \.model.fit, .choice,
                "Scaling of a frame with another aspect ratio; the model's own way by default."),
            .one(
                "model.precision", "--precision", \.model.precision, .choice,
                "Arithmetic of the network; auto is the fastest whose accuracy was measured and found good."
            ),
        ]
    }

    static var objects: [Setting<Description>] {
        [
            .list(
                "objects.classes", "--classes", \.objects.classes, separatedByCommas: true,
                "Classes to detect, such as car,truck; all by default."),
            .optional(
                "objects.min-score", "--min-score", \.objects.minScore, .number(in: 0...1),
                "Lowest score of a detection that may start a track."),
            Setting(
                key: "objects.ignore", option: "--ignore", form: .rectangles,
                summary:
                    "Regions whose detections are discarded: X,Y,WIDTH,HEIGHT in fractions of the frame.",
                apply: { (texts, description) throws(SettingError) in
                    var rectangles: [FractionRectangle] = []
                    for text in texts { rectangles.append(try SettingText.rectangle(text)) }
                    description.objects.ignored = rectangles
                },
                render: { description in
                    let texts = description.objects.ignored.map(\.description)
                    return texts.isEmpty ? nil : texts
                }),
        ]
    }

    static var tracking: [Setting<Description>] {
        [
            .one(
                "tracking.every", "--every", \.tracking.every, .integer(in: 1...1000),
                "Detect on every n-th frame and track in between."),
            .optional(
                "tracking.detect-fps", "--detect-fps", \.tracking.detectRate,
                .number(in: 0.1...1000),
                "Detect at most this often per second of the recording, and track in between."),
        ]
    }
}

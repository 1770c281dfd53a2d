/// The table of all settings of `detect`.
public enum DetectSettingTable {
    /// All settings, in the order of help texts.
    public static let all: [Setting<DetectDescription>] =
        input + DetectionSettingRows.model + threads + DetectionSettingRows.objects
        + DetectionSettingRows.tracking + DetectionSettingRows.places + CountSettingRows.all
        + overlay + output + rest

    private static let input: [Setting<DetectDescription>] = [
        .list(
            key: "input.sources", option: nil, \.input.sources, separatedByCommas: false,
            "Videos, images, folders, patterns, @lists of paths, -, devices or addresses."),
        .optional(
            key: "input.start", option: "--start", \.input.start, .seconds(),
            "Skip this much of each source."),
        .optional(
            key: "input.duration", option: "--duration", \.input.duration, .seconds(),
            "Process this much of each source."),
        .optional(
            key: "input.for", option: "--for", \.input.liveFor, .seconds(),
            "Leave a live source after this time."),
        .one(
            key: "input.kind", option: "--kind", \.input.kind, .choice,
            "Treat an ambiguous source as live or as a recording."),
        .optional(
            key: "input.rate", option: "--rate", \.input.rate, .number(in: 0.1...1000),
            "Frames per second of a recording without timestamps, such as raw H.264 or numbered images."
        ),
        .one(
            key: "input.video-stream", option: "--video-stream", \.input.videoStream, .videoStream,
            "Video stream to watch, from 1, or all of them with {stream} in the output's name."),
        .one(
            key: "input.join", option: "--join", \.input.join, .flag,
            "Treat all sources as one recording with one output, one clock and continuous identities."
        ),
        .one(
            key: "input.deinterlace", option: "--deinterlace", \.input.deinterlace, .flag,
            "Deinterlace interlaced frames."),
    ]

    private static let threads: [Setting<DetectDescription>] = [
        .optional(
            key: "model.threads", option: "--threads", \.model.threads, .integer(in: 1...64),
            "Threads of the detector; one per core by default.")
    ]

    private static let overlay: [Setting<DetectDescription>] = [
        .one(key: "overlay.boxes", option: "--no-boxes", \.overlay.boxes, .flag, "Draw boxes."),
        .one(
            key: "overlay.labels", option: "--no-labels", \.overlay.labels, .flag,
            "Write name, identity and score above each box."),
        .one(
            key: "overlay.traces", option: "--traces", \.overlay.traces, .flag,
            "Draw the recent path of each object."),
        .one(
            key: "overlay.readout", option: "--readout", \.overlay.readout, .flag,
            "Write counts and rates in a corner."),
        .optional(
            key: "overlay.font", option: "--font", \.overlay.font, .text,
            "A TrueType or OpenType file; DejaVu Sans by default."),
    ]

    private static let output: [Setting<DetectDescription>] = [
        .optional(
            key: "output.path", option: "--output", \.output.path, .text,
            "The annotated file (mp4, mkv, mov), or a folder for several sources."),
        .one(
            key: "output.video", option: "--no-video", \.output.video, .flag,
            "Write annotated video."),
        .one(
            key: "output.overwrite", option: "--overwrite", \.output.overwrite, .flag,
            "Replace files that exist."),
        .one(
            key: "output.skip-existing", option: "--skip-existing", \.output.skipExisting, .flag,
            "Leave out sources whose output exists."),
        .one(
            key: "output.encoder", option: "--encoder", \.output.encoder, .text,
            "FFmpeg's name of the video encoder."),
        .optional(
            key: "output.preset", option: "--preset", \.output.preset, .text,
            "The encoder's preset; veryfast by default."),
        .optional(
            key: "output.crf", option: "--crf", \.output.crf, .integer(in: 0...63),
            "Constant quality, lower is better; 20 by default."),
        .optional(
            key: "output.bitrate", option: "--bitrate", \.output.bitrate, .bitrate,
            "Bits per second instead of constant quality."),
        .one(
            key: "output.pixel-format", option: "--pixel-format", \.output.pixelFormat, .choice,
            "8-bit 4:2:0, or depth and subsampling of the source."),
        .one(
            key: "output.audio", option: "--audio", \.output.audio, .choice,
            "Copy audio where possible and re-encode it otherwise, only copy it, or leave it out."),
    ]

    private static let rest: [Setting<DetectDescription>] = [
        .optional(
            key: "events.file", option: "--events", \.events.file, .text,
            "A line of NDJSON for each object that begins, changes, ends, crosses a line, enters or leaves a zone; - is standard output."
        ),
        .list(
            key: "events.classes", option: "--event-classes", \.events.classes,
            separatedByCommas: true,
            "Classes whose objects make events of their life; all detected classes by default."),
        .list(
            key: "results", option: "--results", \.results, separatedByCommas: false,
            "Files of results: .ndjson, .csv, .mot.txt, .coco.json; - is NDJSON on standard output."
        ),
        .one(key: "quiet", option: "--quiet", \.isQuiet, .flag, "Print nothing but errors."),
    ]
}

/// Rows of detection and tracking, which the tables of recordings and of cameras share.
enum DetectionSettingRows<Description: DetectionDescription> {
    static var model: [Setting<Description>] {
        [
            .one(
                key: "model.name", option: "--model", \.model.name, .text,
                "A shipped model's name or a model file."),
            .optional(
                key: "model.input", option: "--input", \.model.inputSize, .size,
                "Size of the network's input, multiples of 32; the model's own by default."),
            .optional(
                key: "model.fit", option: "--fit", \.model.fit, .choice,
                "Scaling of a frame with another aspect ratio; the model's own way by default."),
            .one(
                key: "model.precision", option: "--precision", \.model.precision, .choice,
                "Arithmetic of the network; auto is the fastest whose accuracy was measured and found good."
            ),
        ]
    }

    static var objects: [Setting<Description>] {
        [
            .list(
                key: "objects.classes", option: "--classes", \.objects.classes,
                separatedByCommas: true,
                "Classes to detect, such as car,truck; all by default."),
            .optional(
                key: "objects.min-score", option: "--min-score", \.objects.minScore,
                .number(in: 0...1),
                "Lowest score of a detection that may start a track."),
            .one(
                key: "objects.min-size", option: "--min-size", \.objects.leastSize,
                .fractionsByClass,
                "Smallest detections, the larger side as a fraction of the frame's; by class too: 0.02,person:0.1."
            ),
            .one(
                key: "objects.max-size", option: "--max-size", \.objects.mostSize,
                .fractionsByClass,
                "Largest detections, the larger side as a fraction of the frame's; by class too."
            ),
            Setting(
                key: "objects.ignore", option: "--ignore", form: .regions,
                summary:
                    "Regions whose detections are discarded: X,Y,WIDTH,HEIGHT or points X,Y of a polygon, in fractions of the frame.",
                apply: { (texts, description) throws(SettingError) in
                    var regions: [IgnoredRegion] = []
                    for text in texts { regions.append(try SettingText.region(text)) }
                    description.objects.ignored = regions
                },
                render: { description in
                    let texts = description.objects.ignored.map(\.description)
                    return texts.isEmpty ? nil : texts
                }),
        ]
    }

    static var places: [Setting<Description>] {
        [
            .items(
                key: "zones", option: "--zone", \.zones, of: ZoneDescription(),
                by: ZoneSettingTable.all,
                "A zone to count in: NAME=X,Y X,Y X,Y in fractions of the frame, then ; KEY=VALUE."
            ),
            .items(
                key: "lines", option: "--line", \.lines, of: LineDescription(),
                by: LineSettingTable.all,
                "A line to count across: NAME=X,Y X,Y in fractions of the frame, then ; KEY=VALUE."
            ),
        ]
    }

    static var tracking: [Setting<Description>] {
        [
            .one(
                key: "tracking.every", option: "--every", \.tracking.every, .integer(in: 1...1000),
                "Detect on every n-th frame and track in between."),
            .optional(
                key: "tracking.detect-fps", option: "--detect-fps", \.tracking.detectRate,
                .number(in: 0.1...1000),
                "Detect at most this often per second of the recording, and track in between."),
        ]
    }
}

/// Rows of counts, which the tables of recordings and of cameras share.
enum CountSettingRows<Description: CountingDescription> {
    static var all: [Setting<Description>] {
        [
            .optional(
                key: "counts.file", option: "--counts", \.counts.file, .text,
                "A CSV file of counts by interval, zone or line, direction and class."),
            .one(
                key: "counts.every", option: "--count-every", \.counts.every,
                .seconds(in: 1...86400),
                "Length of an interval, aligned to the clock where the source has one."),
            .optional(
                key: "counts.crossings", option: "--crossings", \.counts.crossings, .text,
                "A CSV file with a line for each crossing."),
            .list(
                key: "counts.heat-map", option: "--heat-map", \.counts.heatMaps,
                separatedByCommas: false,
                "Files of the time that objects spent at each place: .png or .csv."),
        ]
    }
}

/// The table of all settings of `live`, except those of a single camera.
public enum LiveSettingTable {
    /// All settings, in the order of help texts.
    public static let all: [Setting<LiveDescription>] =
        cameras + ConnectionSettingRows.all + DetectionSettingRows.model + detectors
        + DetectionSettingRows.objects + DetectionSettingRows.tracking
        + DetectionSettingRows.places + CountSettingRows.all + page + events
        + publishing + recording + running

    private static let cameras: [Setting<LiveDescription>] = [
        Setting(
            key: "cameras", option: nil, form: .list(separatedByCommas: false),
            summary: "Addresses or devices, optionally with a name: front=rtsp://camera/1.",
            apply: { (texts, description) throws(SettingError) in
                var cameras: [CameraDescription] = []
                for (index, text) in texts.enumerated() {
                    var camera = description.newCamera(number: index + 1)
                    camera.setSource(text)
                    guard !camera.source.isEmpty else {
                        throw SettingError(message: "has an empty entry")
                    }
                    cameras.append(camera)
                }
                description.cameras = cameras
            },
            render: { description in
                description.cameras.isEmpty
                    ? nil : description.cameras.map { "\($0.name)=\($0.source)" }
            })
    ]

    private static let detectors: [Setting<LiveDescription>] = [
        .optional(
            key: "detectors", option: "--detectors", \.detectors, .integer(in: 1...64),
            "Number of detectors, shared by all cameras; one per core by default.")
    ]

    private static let page: [Setting<LiveDescription>] = [
        .optional(
            key: "page.address", option: "--page", \.page.address, .text,
            "Serve a page with all cameras at HOST:PORT, such as 127.0.0.1:8080."),
        .optional(
            key: "page.token-variable", option: "--page-token-variable", \.page.tokenVariable,
            .text,
            "An environment variable that holds the token of clients."),
        .optional(
            key: "page.token-file", option: "--page-token-file", \.page.tokenFile, .text,
            "A file that holds the token of clients."),
    ]

    private static let events: [Setting<LiveDescription>] = [
        .optional(
            key: "events.file", option: "--events", \.events.file, .text,
            "Append a line of NDJSON for each object that begins, changes, ends, crosses a line, enters or leaves a zone; - is standard output."
        ),
        .list(
            key: "events.classes", option: "--event-classes", \.events.classes,
            separatedByCommas: true,
            "Classes whose objects make events of their life; all detected classes by default."),
        .optional(
            key: "events.snapshots", option: "--snapshots", \.events.snapshots, .text,
            "A folder for an image of each beginning and change."),
        .one(
            key: "events.snapshot-limit", option: "--snapshot-limit", \.events.snapshotLimit,
            .integer(in: 1...10_000_000), "Images kept in that folder; the oldest are removed."),
        .optional(
            key: "events.command", option: "--on-event", \.events.command, .text,
            "Run this shell command for each event, its line on standard input; 4 at once, 10 s each."
        ),
    ]

    private static let running: [Setting<LiveDescription>] = [
        .optional(key: "for", option: "--for", \.duration, .seconds(), "End after this time."),
        .one(key: "quiet", option: "--quiet", \.isQuiet, .flag, "Print nothing but errors."),
    ]
}

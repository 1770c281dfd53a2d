/// The one table of everything `live` can be told, the cameras' own settings apart.
public enum LiveSettings {
    /// All settings, in the order in which people think of them.
    public static let all: [Setting<LiveDescription>] =
        cameras + ConnectionSettings.all + WatchSettings.model + rest + WatchSettings.objects
        + WatchSettings.tracking + page + events + RecordSettings.all + running

    /// The setting with a key.
    public static func setting(_ key: String) -> Setting<LiveDescription>? {
        all.first { $0.key == key }
    }

    private static let cameras: [Setting<LiveDescription>] = [
        Setting(
            key: "cameras", option: nil, form: .list(separatedByCommas: false),
            summary: "Addresses or devices, each with a name if you like: front=rtsp://camera/1.",
            apply: { (texts, description) throws(SettingError) in
                var cameras: [CameraDescription] = []
                for (index, text) in texts.enumerated() {
                    var camera = description.newCamera(number: index + 1)
                    camera.take(text)
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

    private static let rest: [Setting<LiveDescription>] = [
        .optional(
            "detectors", "--detectors", \.detectors, .integer(1...64),
            "Detectors that work side by side, shared by all cameras; one per core by default.",
            read: SettingText.integer(in: 1...64), write: { String($0) })
    ]

    private static let page: [Setting<LiveDescription>] = [
        .optional(
            "page.address", "--page", \.page.address, .text,
            "Serve a page with all cameras at HOST:PORT, such as 127.0.0.1:8080.",
            read: { $0 }, write: { $0 }),
        .optional(
            "page.token-variable", "--page-token-variable", \.page.tokenVariable, .text,
            "An environment variable that holds the token visitors must know.",
            read: { $0 }, write: { $0 }),
        .optional(
            "page.token-file", "--page-token-file", \.page.tokenFile, .text,
            "A file that holds the token visitors must know.", read: { $0 }, write: { $0 }),
    ]

    private static let events: [Setting<LiveDescription>] = [
        .optional(
            "events.file", "--events", \.events.file, .text,
            "Add a line of NDJSON for each object that comes, changes or goes; - is standard output.",
            read: { $0 }, write: { $0 }),
        .list(
            "events.classes", "--event-classes", \.events.classes, separatedByCommas: true,
            "Classes whose objects make events; all that are looked for by default."),
        .optional(
            "events.snapshots", "--snapshots", \.events.snapshots, .text,
            "A folder for a picture of each beginning and change.", read: { $0 }, write: { $0 }),
        .one(
            "events.snapshot-limit", "--snapshot-limit", \.events.snapshotLimit,
            .integer(1...10_000_000), "Pictures that are kept there; the oldest go.",
            read: SettingText.integer(in: 1...10_000_000), write: { String($0) }),
        .optional(
            "events.command", "--on-event", \.events.command, .text,
            "Run this in a shell for each event, its line on standard input; 4 at once, 10 s each.",
            read: { $0 }, write: { $0 }),
    ]

    private static let running: [Setting<LiveDescription>] = [
        .optional(
            "for", "--for", \.duration, .seconds, "End after this time.",
            read: SettingText.seconds, write: SettingText.plain),
        .flag("quiet", "--quiet", \.isQuiet, "Say nothing but errors."),
    ]
}

extension CameraDescription {
    /// Takes a source, alone or as `NAME=SOURCE`.
    mutating func take(_ text: String) {
        source = text
        guard let place = text.firstIndex(of: "="), CameraSettings.isName(String(text[..<place]))
        else { return }
        name = String(text[..<place])
        source = String(text[text.index(after: place)...])
    }
}

/// The one table of everything that a single camera can be told.
public enum CameraSettings {
    /// All settings, in the order in which people think of them.
    public static let all: [Setting<CameraDescription>] =
        place + ConnectionSettings.all + WatchSettings.model + WatchSettings.objects
        + WatchSettings.tracking

    /// Whether a text may name a camera: it stands in addresses, file names and metrics.
    public static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static let place: [Setting<CameraDescription>] = [
        .one(
            "name", nil, \.name, .text,
            "Its name: letters, digits, - and _.",
            read: { (text) throws(SettingError) in
                guard isName(text) else {
                    throw SettingError(
                        message: "must be up to 64 letters, digits, - and _, not \"\(text)\"")
                }
                return text
            }, write: { $0 }),
        .one(
            "source", nil, \.source, .text, "An address or a device.", read: { $0 }, write: { $0 }),
        .optional(
            "main", nil, \.main, .text,
            "A second address of it, recorded in place of the source: the main stream beside a small one.",
            read: { $0 }, write: { $0 }),
        .optional(
            "credentials.variable", nil, \.credentials.variable, .text,
            "An environment variable that holds user:password.", read: { $0 }, write: { $0 }),
        .optional(
            "credentials.file", nil, \.credentials.file, .text,
            "A file that holds user:password.", read: { $0 }, write: { $0 }),
        .one(
            "weight", nil, \.weight, .number(0.01...100),
            "A camera of twice the weight is looked at twice as often when there is not enough for all.",
            read: SettingText.number(in: 0.01...100), write: SettingText.plain),
    ]
}

extension LiveDescription {
    /// Sets one setting from its texts, as a command line or a file gives them.
    public mutating func set(_ key: String, to texts: [String]) throws(SettingError) {
        guard let setting = LiveSettings.setting(key) else {
            throw SettingError(message: NearestWord.complaint(key, LiveSettings.all.map(\.key)))
        }
        try setting.apply(texts, &self)
    }
}

/// The table of all settings of a single camera.
public enum CameraSettingTable {
    /// All settings, in the order of printed files.
    public static let all: [Setting<CameraDescription>] =
        source + ConnectionSettingRows.all + DetectionSettingRows.model
        + DetectionSettingRows.objects + DetectionSettingRows.tracking
        + DetectionSettingRows.places

    private static let source: [Setting<CameraDescription>] = [
        .one(key: "name", option: nil, \.name, .name, "Its name: letters, digits, - and _."),
        .one(key: "source", option: nil, \.source, .text, "An address or a device."),
        .optional(
            key: "main", option: nil, \.main, .text,
            "A second address, recorded in place of the source: the main stream beside a substream."
        ),
        .optional(
            key: "credentials.variable", option: nil, \.credentials.variable, .text,
            "An environment variable that holds user:password."),
        .optional(
            key: "credentials.file", option: nil, \.credentials.file, .text,
            "A file that holds user:password."),
        .one(
            key: "weight", option: nil, \.weight, .number(in: 0.01...100),
            "Share of detections when there are not enough for all cameras; twice the weight, twice as many."
        ),
    ]
}

extension SettingFormat<String> {
    /// A valid name of a camera, zone or line, or a single part of a topic.
    static var name: Self {
        Self(
            form: .text,
            read: { (text) throws(SettingError) in
                guard CameraDescription.isName(text) else {
                    throw SettingError(
                        message: "must be up to 64 letters, digits, - and _, not \"\(text)\"")
                }
                return text
            }, write: { $0 })
    }
}

extension CameraDescription {
    /// True for a text that may name a camera: it becomes part of URLs, file names and metrics.
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

    /// Sets the source from an address alone or from `NAME=ADDRESS`.
    mutating func setSource(_ text: String) {
        source = text
        guard let separator = text.firstIndex(of: "="), Self.isName(String(text[..<separator]))
        else { return }
        name = String(text[..<separator])
        source = String(text[text.index(after: separator)...])
    }
}

/// Rows of the connection to cameras.
enum ConnectionSettingRows<Description: ConnectedDescription> {
    static var all: [Setting<Description>] {
        [
            .one(
                key: "connection.transport", option: "--transport", \.connection.transport, .choice,
                "Transport of RTSP: automatic tries TCP, then UDP; tcp; udp."),
            seconds(
                key: "connection.open", option: "--open-timeout", \.connection.open,
                "Give up an attempt to connect after this time."),
            seconds(
                key: "connection.first-frame", option: "--first-frame-timeout",
                \.connection.firstFrame,
                "Give up a connection without a frame after this time."),
            seconds(
                key: "connection.silence", option: "--silence-timeout", \.connection.silence,
                "Reconnect after this time without a frame."),
            .one(
                key: "connection.follow", option: "--follow", \.connection.follow, .choice,
                "Redirects to follow: same-host; default, over HTTP also to hosts no nearer to this machine; any."
            ),
        ]
    }

    private static func seconds(
        key: String, option: String,
        _ path: any (WritableKeyPath<Description, Double> & Sendable), _ summary: String
    ) -> Setting<Description> {
        .one(key: key, option: option, path, .seconds(in: 0.1...3600), summary)
    }
}

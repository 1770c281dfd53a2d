/// Rows of settings that stand in more than one table.
enum WatchSettings<Description: WatchDescription> {
    static var model: [Setting<Description>] {
        [
            .one(
                "model.name", "--model", \.model.name, .text,
                "A shipped model's name or a model file.", read: { $0 }, write: { $0 }),
            .optional(
                "model.input", "--input", \.model.inputSize, .size,
                "Size of the network's input, multiples of 32; the model's own by default.",
                read: SettingText.size, write: { $0.description }),
            .optionalChoice(
                "model.fit", "--fit", \.model.fit,
                "How a picture of another aspect ratio becomes that size; the model's own way by default."
            ),
            .choice(
                "model.precision", "--precision", \.model.precision,
                "The numbers that the network computes with; auto is the fastest the model vouches for."
            ),
        ]
    }

    static var objects: [Setting<Description>] {
        [
            .list(
                "objects.classes", "--classes", \.objects.classes, separatedByCommas: true,
                "Classes that count, such as car,truck; all by default."),
            .optional(
                "objects.min-score", "--min-score", \.objects.minScore, .number(0...1),
                "Least score of a detection that may become an object.",
                read: SettingText.number(in: 0...1), write: SettingText.plain),
            Setting(
                key: "objects.ignore", option: "--ignore", form: .rectangles,
                summary:
                    "Parts of the picture where nothing counts: X,Y,WIDTH,HEIGHT in fractions.",
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
                "tracking.every", "--every", \.tracking.every, .integer(1...1000),
                "Detect on every n-th frame and track in between.",
                read: SettingText.integer(in: 1...1000), write: { String($0) }),
            .optional(
                "tracking.detect-fps", "--detect-fps", \.tracking.detectRate, .number(0.1...1000),
                "Detect at most this often a second of the recording, and track in between.",
                read: SettingText.number(in: 0.1...1000), write: SettingText.plain),
        ]
    }
}

/// Rows for how cameras are connected to.
enum ConnectionSettings<Description: ConnectedDescription> {
    static var all: [Setting<Description>] {
        [
            .choice(
                "connection.transport", "--transport", \.connection.transport,
                "How an RTSP camera sends: TCP and else UDP by itself, or one of them."),
            seconds(
                "connection.open", "--open-timeout", \.connection.open,
                "Give an attempt to connect up after this time."),
            seconds(
                "connection.first-frame", "--first-frame-timeout", \.connection.firstFrame,
                "Give a connection without a picture up after this time."),
            seconds(
                "connection.silence", "--silence-timeout", \.connection.silence,
                "Connect anew when no picture came for this time."),
        ]
    }

    private static func seconds(
        _ key: String, _ option: String,
        _ path: any (WritableKeyPath<Description, Double> & Sendable), _ summary: String
    ) -> Setting<Description> {
        .one(
            key, option, path, .seconds, summary,
            read: SettingText.seconds(in: 0.1...3600), write: SettingText.plain)
    }
}

/// A description that says how cameras are connected to.
protocol ConnectedDescription: Sendable {
    var connection: ConnectionDescription { get set }
}

extension LiveDescription: ConnectedDescription {}
extension CameraDescription: ConnectedDescription {}

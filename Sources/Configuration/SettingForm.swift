/// Form of a setting's values.
public indirect enum SettingForm: Sendable, Hashable {
    /// Any text.
    case text
    /// True or false; on the command line the option alone.
    case flag
    /// A whole number within a range.
    case integer(ClosedRange<Int>)
    /// A number within a range.
    case number(ClosedRange<Double>)
    /// One of several words.
    case choice([String])
    /// A time span: `90`, `90s`, `1m30s`, `7d`, `1:30`, `0:01:30.5`.
    case seconds
    /// `WIDTHxHEIGHT` in pixels.
    case size
    /// Bits per second: `2500000`, `2500k`, `2.5M`.
    case bitrate
    /// Bytes: `2000000`, `500M`, `20G`, `2T`.
    case bytes
    /// The number of a video stream from 1, `all` or `auto`.
    case videoStream
    /// Several texts; separated by commas where a text cannot contain one.
    case list(separatedByCommas: Bool)
    /// Several regions, each `X,Y,WIDTH,HEIGHT` or three points `X,Y` and more, in fractions of the frame.
    case regions
    /// Points `X,Y` in fractions of the frame, with spaces between them.
    case points
    /// Values by name, with one for the others: `10s,person:15s`.
    case pairs
    /// Several items with fields of their own: `NAME=POINTS; KEY=VALUE`.
    case items([Field])

    /// One field of an item.
    public struct Field: Sendable, Hashable {
        /// Key of the field.
        public let key: String
        /// Form of its value.
        public let form: SettingForm
        /// One sentence for help texts and the schema.
        public let summary: String
    }

    /// True when a pipeline file may give a list.
    public var isList: Bool {
        switch self {
        case .list, .regions, .items: true
        default: false
        }
    }

    /// Form of one entry of a list; the form itself for others.
    var entry: SettingForm {
        if case .list = self { .text } else { self }
    }

    /// Noun for messages.
    var noun: String {
        switch self {
        case .points: "list of points such as [[0.1, 0.5], [0.9, 0.5]]"
        case .pairs: "value, and no mapping of names to values"
        case .list: "list of words"
        default: "single value"
        }
    }
}

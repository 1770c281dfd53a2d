/// Form of a setting's values.
public enum SettingForm: Sendable, Hashable {
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
    /// Several rectangles, each `X,Y,WIDTH,HEIGHT` in fractions of the frame, 0 to 1.
    case rectangles

    /// True when a pipeline file may give a list.
    public var isList: Bool {
        switch self {
        case .list, .rectangles: true
        default: false
        }
    }
}

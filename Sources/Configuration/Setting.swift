/// One thing that a run can be told: its key in a pipeline file, its option on the command line, its
/// form, and where in the description it goes.
public struct Setting<Description: Sendable>: Sendable {
    /// Dotted key in a pipeline file, such as `output.crf`.
    public let key: String
    /// Option on the command line, such as `--crf`; the sources have none, being arguments.
    public let option: String?
    /// What values look like.
    public let form: SettingForm
    /// One sentence for help texts and the schema.
    public let summary: String
    /// Reads the texts into the description, or throws what is wrong with them.
    let apply: @Sendable (_ texts: [String], inout Description) throws(SettingError) -> Void
    /// The texts that would say the same; nil when the setting is unset.
    let render: @Sendable (Description) -> [String]?
}

/// What the values of a setting look like.
public enum SettingForm: Sendable, Hashable {
    /// Any text.
    case text
    /// True or false; on the command line the option alone.
    case flag
    /// A whole number in a range.
    case integer(ClosedRange<Int>)
    /// A number in a range.
    case number(ClosedRange<Double>)
    /// One of some words.
    case choice([String])
    /// A time span: `90`, `90s`, `1m30s`, `7d`, `1:30`, `0:01:30.5`.
    case seconds
    /// `WIDTHxHEIGHT`.
    case size
    /// Bits per second: `2500000`, `2500k`, `2.5M`.
    case bitrate
    /// A size of files: `2000000`, `500M`, `20G`, `2T`.
    case bytes
    /// Several texts; separated by commas where a name cannot hold one.
    case list(separatedByCommas: Bool)
    /// Several rectangles, each `X,Y,WIDTH,HEIGHT` in fractions of the picture.
    case rectangles

    /// True when a pipeline file may give a list.
    public var isList: Bool {
        switch self {
        case .list, .rectangles: true
        default: false
        }
    }
}

/// What is wrong with the value of a setting, to be put behind its name.
public struct SettingError: Error, Hashable, Sendable {
    /// Such as `must be a whole number from 0 to 51, not "high"`.
    public let message: String
}

extension Setting {
    /// A setting of one value, found by a key path.
    static func one<Value: Sendable>(
        _ key: String, _ option: String?,
        _ path: any (WritableKeyPath<Description, Value> & Sendable),
        _ form: SettingForm, _ summary: String,
        read: @escaping @Sendable (String) throws(SettingError) -> Value,
        write: @escaping @Sendable (Value) -> String?
    ) -> Setting {
        Setting(
            key: key, option: option, form: form, summary: summary,
            apply: { (texts, description) throws(SettingError) in
                guard texts.count == 1, let text = texts.first else {
                    throw SettingError(message: "takes one value, not \(texts.count)")
                }
                description[keyPath: path] = try read(text)
            },
            render: { description in write(description[keyPath: path]).map { [$0] } })
    }

    /// A true-or-false setting.
    static func flag(
        _ key: String, _ option: String?,
        _ path: any (WritableKeyPath<Description, Bool> & Sendable),
        _ summary: String
    ) -> Setting {
        one(key, option, path, .flag, summary, read: SettingText.flag, write: { String($0) })
    }

    /// A setting with words to choose from.
    static func choice<Value>(
        _ key: String, _ option: String?,
        _ path: any (WritableKeyPath<Description, Value> & Sendable),
        _ summary: String
    ) -> Setting
    where Value: CaseIterable & RawRepresentable & Sendable, Value.RawValue == String {
        one(
            key, option, path, .choice(words(Value.self)), summary, read: readWord,
            write: { $0.rawValue })
    }

    /// A setting with words to choose from that may be unset.
    static func optionalChoice<Value>(
        _ key: String, _ option: String,
        _ path: any (WritableKeyPath<Description, Value?> & Sendable), _ summary: String
    ) -> Setting
    where Value: CaseIterable & RawRepresentable & Sendable, Value.RawValue == String {
        optional(
            key, option, path, .choice(words(Value.self)), summary, read: readWord,
            write: { $0.rawValue })
    }

    private static func words<Value>(_ type: Value.Type) -> [String]
    where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
        Value.allCases.map(\.rawValue)
    }

    @Sendable private static func readWord<Value>(_ text: String) throws(SettingError) -> Value
    where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
        guard let value = Value(rawValue: text) else {
            let list = words(Value.self).joined(separator: " or ")
            throw SettingError(message: "must be \(list), not \"\(text)\"")
        }
        return value
    }

    /// A setting that may be unset.
    static func optional<Value: Sendable>(
        _ key: String, _ option: String?,
        _ path: any (WritableKeyPath<Description, Value?> & Sendable),
        _ form: SettingForm, _ summary: String,
        read: @escaping @Sendable (String) throws(SettingError) -> Value,
        write: @escaping @Sendable (Value) -> String
    ) -> Setting {
        one(
            key, option, path, form, summary,
            read: { (text) throws(SettingError) in try read(text) },
            write: { $0.map(write) })
    }

    /// A setting of several texts.
    static func list(
        _ key: String, _ option: String?,
        _ path: any (WritableKeyPath<Description, [String]> & Sendable),
        separatedByCommas: Bool, _ summary: String
    ) -> Setting {
        Setting(
            key: key, option: option, form: .list(separatedByCommas: separatedByCommas),
            summary: summary,
            apply: { (texts, description) throws(SettingError) in
                let parts = separatedByCommas ? texts.flatMap(SettingText.commas) : texts
                guard parts.allSatisfy({ !$0.isEmpty }) else {
                    throw SettingError(message: "has an empty entry")
                }
                description[keyPath: path] = parts
            },
            render: { description in
                description[keyPath: path].isEmpty ? nil : description[keyPath: path]
            })
    }
}

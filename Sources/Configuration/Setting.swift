/// One setting of a run: a row of a command's table.
///
/// The command line, pipeline files, `--set`, the JSON Schema and help texts all read the same row.
public struct Setting<Description: Sendable>: Sendable {
    /// Dotted key in a pipeline file, such as `output.crf`.
    public let key: String
    /// Option of the command line, such as `--crf`; nil for settings without one.
    public let option: String?
    /// Form of the values.
    public let form: SettingForm
    /// One sentence for help texts and the schema.
    public let summary: String
    /// Former spelling of the key, still read for one release; nil for most settings.
    public var formerKey: String?
    /// Reads texts into the description, or throws the reason why they cannot be read.
    let apply: @Sendable (_ texts: [String], inout Description) throws(SettingError) -> Void
    /// Texts that read back as the description's value; nil for an unset setting.
    let render: @Sendable (Description) -> [String]?

    /// True for the key and for its former spelling.
    func isCalled(_ word: String) -> Bool { word == key || word == formerKey }

    /// The same setting with a former spelling of its key.
    func formerly(_ formerKey: String) -> Setting {
        var setting = self
        setting.formerKey = formerKey
        return setting
    }
}

/// The reason why a value cannot be read, as a clause that follows the setting's name.
public struct SettingError: Error, Hashable, Sendable {
    /// A clause such as `must be a whole number from 0 to 51, not "high"`.
    public let message: String
}

extension Setting {
    /// A setting of one value.
    static func one<Value: Sendable>(
        key: String, option: String?,
        _ path: any (WritableKeyPath<Description, Value> & Sendable),
        _ format: SettingFormat<Value>, _ summary: String
    ) -> Setting {
        single(
            key, option, format.form, summary,
            read: { (text, description) throws(SettingError) in
                description[keyPath: path] = try format.read(text)
            },
            write: { format.write($0[keyPath: path]) })
    }

    /// A setting of one value that may be unset.
    static func optional<Value: Sendable>(
        key: String, option: String?,
        _ path: any (WritableKeyPath<Description, Value?> & Sendable),
        _ format: SettingFormat<Value>, _ summary: String
    ) -> Setting {
        single(
            key, option, format.form, summary,
            read: { (text, description) throws(SettingError) in
                description[keyPath: path] = try format.read(text)
            },
            write: { $0[keyPath: path].map(format.write) })
    }

    private static func single(
        _ key: String, _ option: String?, _ form: SettingForm, _ summary: String,
        read: @escaping @Sendable (String, inout Description) throws(SettingError) -> Void,
        write: @escaping @Sendable (Description) -> String?
    ) -> Setting {
        Setting(
            key: key, option: option, form: form, summary: summary,
            apply: { (texts, description) throws(SettingError) in
                guard texts.count == 1, let text = texts.first else {
                    throw SettingError(message: "takes one value, not \(texts.count)")
                }
                try read(text, &description)
            },
            render: { description in write(description).map { [$0] } })
    }

    /// A setting of several texts.
    static func list(
        key: String, option: String?,
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

    /// The same setting for a description that holds this one's at a key path.
    func lifted<Outer: Sendable>(
        _ path: any (WritableKeyPath<Outer, Description> & Sendable)
    ) -> Setting<Outer> {
        Setting<Outer>(
            key: key, option: option, form: form, summary: summary, formerKey: formerKey,
            apply: { [apply] (texts, outer) throws(SettingError) in
                try apply(texts, &outer[keyPath: path])
            },
            render: { [render] in render($0[keyPath: path]) })
    }
}

extension CommandDescription {
    /// Sets the setting with a key from its texts.
    ///
    /// - Throws: A ``SettingError`` for an unknown key or a value that cannot be read.
    public mutating func set(_ key: String, to texts: [String]) throws(SettingError) {
        guard let setting = Self.settings.first(where: { $0.isCalled(key) }) else {
            throw SettingError(message: NearestWord.message(key, Self.settings.map(\.key)))
        }
        try setting.apply(texts, &self)
    }
}

/// The reading and writing of one kind of value.
struct SettingFormat<Value: Sendable>: Sendable {
    let form: SettingForm
    let read: @Sendable (String) throws(SettingError) -> Value
    let write: @Sendable (Value) -> String
}

extension SettingFormat<Int> {
    /// A whole number within a range.
    static func integer(in range: ClosedRange<Int>) -> Self {
        Self(
            form: .integer(range),
            read: { (text) throws(SettingError) in
                guard let value = Int(text), range.contains(value) else {
                    throw SettingError(
                        message:
                            "must be a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\""
                    )
                }
                return value
            }, write: { String($0) })
    }
}

extension SettingFormat<Double> {
    /// A number within a range.
    static func number(in range: ClosedRange<Double>) -> Self {
        Self(
            form: .number(range),
            read: { (text) throws(SettingError) in
                guard let value = Double(text), range.contains(value) else {
                    let bounds = [range.lowerBound, range.upperBound].map(SettingText.plain)
                    throw SettingError(
                        message:
                            "must be a number from \(bounds[0]) to \(bounds[1]), not \"\(text)\"")
                }
                return value
            }, write: SettingText.plain)
    }

    /// A time span in seconds within a range; a year at most by default.
    static func seconds(in range: ClosedRange<Double> = 0...SettingText.longestTime) -> Self {
        Self(form: .seconds, read: SettingText.seconds(in: range), write: SettingText.plain)
    }
}

extension SettingFormat<String> {
    /// Any text.
    static var text: Self { Self(form: .text, read: { $0 }, write: { $0 }) }
}

extension SettingFormat<Bool> {
    /// True or false; an option without a value on the command line.
    static var flag: Self { Self(form: .flag, read: SettingText.flag, write: { String($0) }) }
}

extension SettingFormat where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of the words of an enumeration.
    static var choice: Self {
        let words = Value.allCases.map(\.rawValue)
        return Self(
            form: .choice(words),
            read: { (text) throws(SettingError) in
                guard let value = Value(rawValue: text) else {
                    throw SettingError(
                        message: "must be \(words.joined(separator: " or ")), not \"\(text)\"")
                }
                return value
            }, write: { $0.rawValue })
    }
}

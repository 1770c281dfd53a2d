extension SettingFormat<Double> {
    /// A number from 0 to 1.
    static var share: Self { number(in: 0...1) }
}

extension SettingFormat<Int?> {
    /// A whole number from 1, or the word `all` for nil.
    static func countOrAll(_ limit: Int) -> Self {
        let count = SettingFormat<Int>.integer(in: 1...limit)
        return Self(
            form: .text,
            read: { (text) throws(SettingError) in
                if text == "all" { return nil }
                guard let value = try? count.read(text) else {
                    throw SettingError(
                        message:
                            "must be a whole number from 1 to \(limit), or all, not \"\(text)\"")
                }
                return value
            }, write: { $0.map(count.write) ?? "all" })
    }
}

extension Setting {
    /// A setting of several sizes.
    static func sizes(
        key: String, _ path: any (WritableKeyPath<Description, [PictureSize]> & Sendable),
        _ summary: String
    ) -> Setting { list(key, path, .size, summary) }

    /// A setting of several numbers within a range.
    static func numbers(
        key: String, _ path: any (WritableKeyPath<Description, [Double]> & Sendable),
        in range: ClosedRange<Double>, _ summary: String
    ) -> Setting { list(key, path, .number(in: range), summary) }

    private static func list<Value: Sendable>(
        _ key: String, _ path: any (WritableKeyPath<Description, [Value]> & Sendable),
        _ format: SettingFormat<Value>, _ summary: String
    ) -> Setting {
        Setting(
            key: key, option: nil, form: .list(separatedByCommas: true), summary: summary,
            apply: { (texts, description) throws(SettingError) in
                var values: [Value] = []
                for text in texts.flatMap(SettingText.commas) {
                    values.append(try format.read(text))
                }
                description[keyPath: path] = values
            },
            render: { description in
                let values = description[keyPath: path]
                return values.isEmpty ? nil : values.map(format.write)
            })
    }
}

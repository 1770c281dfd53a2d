/// One item of a list, such as a zone, as a line of text: `driveway=0.1,0.5 0.9,0.5 0.5,1; crowd=5`.
///
/// The first part is the item's name with its points; others are `key=value`. A value with a semicolon stands in double
/// quotes, in which a backslash escapes.
enum ItemText {
    /// A key of an item with the text of its value.
    typealias Field = (key: String, text: String)

    /// Keys and texts of an item.
    static func fields(_ text: String) throws(SettingError) -> [Field] {
        var fields: [Field] = []
        for part in split(text) {
            guard let separator = part.firstIndex(of: "=") else {
                throw SettingError(
                    message: "must be NAME=POINTS, then ; KEY=VALUE, not \"\(part)\"")
            }
            let key = trimmed(String(part[..<separator]))
            let value = unquoted(trimmed(String(part[part.index(after: separator)...])))
            if fields.isEmpty {
                fields = [("name", key), ("points", value)]
            } else {
                fields.append((key, value))
            }
        }
        return fields
    }

    /// The text of fields, of which the first two are name and points.
    static func text(_ fields: [Field]) -> String {
        let name = fields.first { $0.key == "name" }?.text ?? ""
        let points = fields.first { $0.key == "points" }?.text ?? ""
        let others = fields.filter { !["name", "points"].contains($0.key) && !$0.text.isEmpty }
            .map { "; \($0.key)=\(quoted($0.text))" }
        return "\(name)=\(points)" + others.joined()
    }

    /// Reads an item by its table.
    static func read<Item: Sendable>(
        _ text: String, into item: Item, by table: [Setting<Item>]
    ) throws(SettingError) -> Item {
        var item = item
        let fields = try fields(text)
        let name = fields.first?.text ?? ""
        for (key, text) in fields {
            guard let setting = table.first(where: { $0.key == key }) else {
                throw SettingError(
                    message: "of \"\(name)\": " + NearestWord.message(key, table.map(\.key)))
            }
            do throws(SettingError) {
                try setting.apply([text], &item)
            } catch {
                throw SettingError(message: "of \"\(name)\": \(key) \(error.message)")
            }
        }
        return item
    }

    /// The text of an item, without values that are unset.
    static func write<Item>(_ item: Item, by table: [Setting<Item>]) -> String {
        text(
            table.compactMap { setting in
                setting.render(item).map { (setting.key, $0.joined(separator: ",")) }
            })
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { ";\"\\".contains($0) }) || text.hasPrefix(" ") else {
            return text
        }
        return "\"" + text.flatMap { "\"\\".contains($0) ? "\\\($0)" : String($0) } + "\""
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return text }
        var result = ""
        var isEscaped = false
        for character in text.dropFirst().dropLast() {
            if character == "\\" && !isEscaped {
                isEscaped = true
            } else {
                result.append(character)
                isEscaped = false
            }
        }
        return result
    }

    /// Parts between semicolons that are not in quotes.
    private static func split(_ text: String) -> [String] {
        var parts = [""]
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if character == ";" && !isQuoted {
                parts.append("")
                continue
            }
            if character == "\"" && !isEscaped { isQuoted.toggle() }
            isEscaped = character == "\\" && isQuoted && !isEscaped
            parts[parts.count - 1].append(character)
        }
        return parts
    }
}

extension Setting {
    /// A setting of several items, each read by its own table.
    static func items<Item: Sendable>(
        key: String, option: String?,
        _ path: any (WritableKeyPath<Description, [Item]> & Sendable), of new: Item,
        by table: [Setting<Item>], _ summary: String
    ) -> Setting {
        let fields = table.map {
            SettingForm.Field(key: $0.key, form: $0.form, summary: $0.summary)
        }
        return Setting(
            key: key, option: option, form: .items(fields), summary: summary,
            apply: { (texts, description) throws(SettingError) in
                var items: [Item] = []
                for text in texts { items.append(try ItemText.read(text, into: new, by: table)) }
                description[keyPath: path] = items
            },
            render: { description in
                let items = description[keyPath: path]
                return items.isEmpty ? nil : items.map { ItemText.write($0, by: table) }
            })
    }
}

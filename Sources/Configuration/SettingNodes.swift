import Yams

/// Texts of nested YAML values, as a command line would give them.
extension SettingsReader {
    /// The text of a value by its form; nil, with problems, for a value of another shape.
    mutating func text(of value: Node, _ form: SettingForm, _ key: String) -> String? {
        if let text = value.scalar?.string { return text }
        switch form {
        case .regions: return Self.points(value) ?? Self.numbers(value)
        case .points: return Self.points(value)
        case .pairs: return Self.pairs(value)
        case .list: return value.sequence.map { $0.compactMap(\.string).joined(separator: ",") }
        case .items(let fields): return item(value, fields, key)
        default: return nil
        }
    }

    /// The text of an item that is written as a mapping.
    private mutating func item(
        _ value: Node, _ fields: [SettingForm.Field], _ key: String
    ) -> String? {
        guard let mapping = value.mapping else { return nil }
        var texts: [ItemText.Field] = []
        for (word, node) in mapping where node.null == nil {
            guard let field = fields.first(where: { $0.key == word.string }) else {
                fail("\(key): " + NearestWord.message(word.string ?? "", fields.map(\.key)), word)
                continue
            }
            guard let text = text(of: node, field.form, key) else {
                fail("\(key): \"\(field.key)\" is no \(field.form.noun)", node)
                continue
            }
            texts.append((field.key, text))
        }
        for needed in ["name", "points"] where !texts.contains(where: { $0.key == needed }) {
            fail("\(key): an entry has no \(needed)", value)
            return nil
        }
        return ItemText.text(texts)
    }

    /// The text of numbers written as a list: `[0, 0.9, 1, 0.1]`.
    private static func numbers(_ node: Node) -> String? {
        node.sequence.map { $0.compactMap { $0.scalar?.string }.joined(separator: ",") }
    }

    /// The text of points written as a list of lists: `[[0, 0.9], [1, 0.9]]`.
    private static func points(_ node: Node) -> String? {
        guard let points = node.sequence, points.allSatisfy({ $0.sequence != nil }) else {
            return nil
        }
        return points.compactMap(numbers).joined(separator: " ")
    }

    private static func pairs(_ node: Node) -> String? {
        node.mapping.map { mapping in
            mapping.map { "\($0.key.string ?? ""):\($0.value.scalar?.string ?? "")" }
                .joined(separator: ",")
        }
    }
}

/// Writer of pipeline files: the output of `check`, with every default spelled out.
public enum PipelineText {
    /// YAML that reads back as equal content.
    public static func yaml(_ content: PipelineFile.Content) -> String {
        switch content {
        case .detect(let description): yaml(description)
        case .bench(let description): yaml(description)
        case .live(let description): yaml(description)
        case .train(let description): yaml(description)
        }
    }

    /// YAML that reads back as an equal description.
    public static func yaml<Description: CommandDescription>(_ description: Description) -> String {
        let lines =
            ["command: \(Description.command)"] + lines(description, Description.settings)
        return lines.joined(separator: "\n") + "\n"
    }

    /// YAML that reads back as an equal description; every camera with all its settings.
    public static func yaml(_ description: LiveDescription) -> String {
        let table = LiveSettingTable.all.filter { !["cameras", "webhooks"].contains($0.key) }
        let all =
            ["command: live"] + lines(description, table)
            + entries("webhooks", description.webhooks, WebhookSettingTable.all)
            + entries("cameras", description.cameras, CameraSettingTable.all)
        return all.joined(separator: "\n") + "\n"
    }

    /// YAML that reads back as an equal description; every data set with all its settings.
    public static func yaml(_ description: TrainDescription) -> String {
        let table = TrainSettingTable.all.filter { !["sets", "held-out"].contains($0.key) }
        let all =
            ["command: train"] + entries("sets", description.sets, SetSettingTable.all)
            + entries("held-out", description.heldOut, SetSettingTable.all)
            + lines(description, table)
        return all.joined(separator: "\n") + "\n"
    }

    /// A list of mappings under a key; no line for an empty one.
    private static func entries<Entry>(
        _ key: String, _ entries: [Entry], _ table: [Setting<Entry>]
    ) -> [String] {
        guard !entries.isEmpty else { return [] }
        var all = ["\(key):"]
        for entry in entries {
            for (index, line) in lines(entry, table).enumerated() {
                all.append((index == 0 ? "  - " : "    ") + line)
            }
        }
        return all
    }

    private static func lines<Description>(
        _ description: Description, _ table: [Setting<Description>]
    ) -> [String] {
        var lines: [String] = []
        var group = ""
        for setting in table {
            guard let texts = setting.render(description) else {
                // A camera without zones must not get those of all cameras when it is read again.
                if case .items = setting.form, Description.self == CameraDescription.self {
                    lines.append("\(setting.key): []")
                }
                continue
            }
            let parts = setting.key.split(separator: ".").map(String.init)
            if parts.count == 2, parts[0] != group { lines.append("\(parts[0]):") }
            group = parts.count == 2 ? parts[0] : ""
            let indent = parts.count == 2 ? "  " : ""
            if case .items(let fields) = setting.form {
                lines += ["\(parts[parts.count - 1]):"] + items(texts, fields)
                continue
            }
            lines.append("\(indent)\(parts[parts.count - 1]): \(value(texts, setting.form))")
        }
        return lines
    }

    /// Lines of items, each a mapping with one key a line.
    private static func items(_ texts: [String], _ forms: [SettingForm.Field]) -> [String] {
        texts.flatMap { text -> [String] in
            let fields = (try? ItemText.fields(text)) ?? []
            return fields.enumerated().compactMap { index, field in
                guard let form = forms.first(where: { $0.key == field.key })?.form else {
                    return nil
                }
                let lead = index == 0 ? "  - " : "    "
                return lead + "\(field.key): \(value([field.text], form))"
            }
        }
    }

    /// Points as a list of lists: `[[0.1, 0.5], [0.9, 0.5]]`.
    private static func points(_ text: String) -> String {
        "["
            + text.split(separator: " ").map { "[\($0.replacing(",", with: ", "))]" }
            .joined(separator: ", ") + "]"
    }

    private static func value(_ texts: [String], _ form: SettingForm) -> String {
        switch form {
        case .points: points(texts.joined())
        case .list(separatedByCommas: true):
            "[" + texts.flatMap(SettingText.commas).map(quoted).joined(separator: ", ") + "]"
        case .items: ""
        case .list, .regions: "[" + texts.map(quoted).joined(separator: ", ") + "]"
        case .flag, .integer, .number, .seconds, .bitrate, .bytes, .videoStream: texts.joined()
        case .text, .choice, .size, .pairs: quoted(texts.joined())
        }
    }

    /// The text, in double quotes where YAML could read it as another type.
    private static func quoted(_ text: String) -> String {
        let isPlain =
            text.first?.isLetter == true
            && text.allSatisfy { $0.isLetter || $0.isNumber || "._-/".contains($0) }
            && !["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
                .contains(text.lowercased())
        if isPlain { return text }
        let escaped = text.flatMap { character -> String in
            switch character {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            case "\t": "\\t"
            default: String(character)
            }
        }
        return "\"" + String(escaped) + "\""
    }
}

/// Writes a description back as a pipeline file: what `check` prints, with every default spelled out.
public enum PipelineText {
    /// YAML that reads back as an equal description.
    public static func yaml(_ description: DetectDescription) -> String {
        var lines = ["command: detect"]
        var group = ""
        for setting in DetectSettings.all {
            guard let texts = setting.render(description) else { continue }
            let parts = setting.key.split(separator: ".").map(String.init)
            if parts.count == 2, parts[0] != group {
                group = parts[0]
                lines.append("\(group):")
            }
            let indent = parts.count == 2 ? "  " : ""
            lines.append("\(indent)\(parts[parts.count - 1]): \(value(texts, setting.form))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func value(_ texts: [String], _ form: SettingForm) -> String {
        switch form {
        case .list, .rectangles: "[" + texts.map(quoted).joined(separator: ", ") + "]"
        case .flag, .integer, .number, .seconds, .bitrate: texts.joined()
        case .text, .choice, .size: quoted(texts.joined())
        }
    }

    /// Plain where YAML cannot take it for anything else, otherwise in double quotes.
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

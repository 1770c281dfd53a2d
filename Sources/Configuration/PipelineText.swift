/// Writer of pipeline files: the output of `check`, with every default spelled out.
public enum PipelineText {
    /// YAML that reads back as equal content.
    public static func yaml(_ content: PipelineFile.Content) -> String {
        switch content {
        case .detect(let description): yaml(description)
        case .bench(let description): yaml(description)
        case .live(let description): yaml(description)
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
        let table = LiveSettingTable.all.filter { $0.key != "cameras" }
        var all = ["command: live"] + lines(description, table) + ["cameras:"]
        for camera in description.cameras {
            for (index, line) in lines(camera, CameraSettingTable.all).enumerated() {
                all.append((index == 0 ? "  - " : "    ") + line)
            }
        }
        return all.joined(separator: "\n") + "\n"
    }

    private static func lines<Description>(
        _ description: Description, _ table: [Setting<Description>]
    ) -> [String] {
        var lines: [String] = []
        var group = ""
        for setting in table {
            guard let texts = setting.render(description) else { continue }
            let parts = setting.key.split(separator: ".").map(String.init)
            if parts.count == 2, parts[0] != group { lines.append("\(parts[0]):") }
            group = parts.count == 2 ? parts[0] : ""
            let indent = parts.count == 2 ? "  " : ""
            lines.append("\(indent)\(parts[parts.count - 1]): \(value(texts, setting.form))")
        }
        return lines
    }

    private static func value(_ texts: [String], _ form: SettingForm) -> String {
        switch form {
        case .list, .rectangles: "[" + texts.map(quoted).joined(separator: ", ") + "]"
        case .flag, .integer, .number, .seconds, .bitrate, .bytes, .videoStream: texts.joined()
        case .text, .choice, .size: quoted(texts.joined())
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

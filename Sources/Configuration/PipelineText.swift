/// Writes a description back as a pipeline file: what `check` prints, with every default spelled out.
public enum PipelineText {
    /// YAML that reads back as equal content.
    public static func yaml(_ content: PipelineFile.Content) -> String {
        switch content {
        case .detect(let description): yaml(description)
        case .bench(let description): yaml(description, command: .bench)
        case .live(let description): yaml(description)
        }
    }

    /// YAML that reads back as an equal description.
    public static func yaml(
        _ description: DetectDescription, command: PipelineCommand = .detect
    ) -> String {
        let lines = ["command: \(command.rawValue)"] + lines(description, command.settings)
        return lines.joined(separator: "\n") + "\n"
    }

    /// YAML that reads back as an equal description; every camera with all that holds for it.
    public static func yaml(_ description: LiveDescription) -> String {
        let table = LiveSettings.all.filter { $0.key != "cameras" }
        var all = ["command: live"] + lines(description, table) + ["cameras:"]
        for camera in description.cameras {
            for (index, line) in lines(camera, CameraSettings.all).enumerated() {
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
        case .flag, .integer, .number, .seconds, .bitrate, .bytes: texts.joined()
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

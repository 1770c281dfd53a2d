/// The JSON Schema of pipeline files, for editors; made from the table of settings.
public enum PipelineSchema {
    /// The schema (draft 2020-12) as text that is the same from run to run: one alternative a command.
    public static var json: String {
        let cameras = """
            "cameras": { "type": ["array", "string", "null"], "items": { "anyOf": [{ "type": "string" },
            \(object(properties(CameraSettings.all), indent: "    "))] } }
            """
        let alternatives = [
            command("detect", properties(DetectSettings.all)),
            command("bench", properties(BenchSettings.all)),
            command(
                "live", properties(LiveSettings.all.filter { $0.key != "cameras" }) + [cameras]),
        ]
        return """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "title": "Thunderline pipeline",
              "oneOf": [
            \(alternatives.joined(separator: ",\n"))
              ]
            }

            """
    }

    private static func command(_ name: String, _ properties: [String]) -> String {
        let all = [property("command", "\"const\": \"\(name)\"", "What to run.")] + properties
        return """
                {
                  "required": ["command"],
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    \(all.joined(separator: ",\n        "))
                  }
                }
            """
    }

    /// The properties of a table, groups after what stands alone.
    private static func properties<Description>(_ table: [Setting<Description>]) -> [String] {
        var groups: [(name: String, properties: [String])] = []
        var top: [String] = []
        for setting in table {
            let parts = setting.key.split(separator: ".").map(String.init)
            let text = property(parts[parts.count - 1], type(setting.form), setting.summary)
            if parts.count == 1 {
                top.append(text)
            } else if let index = groups.firstIndex(where: { $0.name == parts[0] }) {
                groups[index].properties.append(text)
            } else {
                groups.append((parts[0], [text]))
            }
        }
        return top + groups.map { "\"\($0.name)\": \(object($0.properties, indent: "        "))" }
    }

    private static func object(_ properties: [String], indent: String) -> String {
        let inner = properties.map { "\(indent)    \($0)" }.joined(separator: ",\n")
        return """
            {
            \(indent)  "type": ["object", "null"],
            \(indent)  "additionalProperties": false,
            \(indent)  "properties": {
            \(inner)
            \(indent)  }
            \(indent)}
            """
    }

    private static func property(_ name: String, _ type: String, _ summary: String) -> String {
        "\"\(name)\": { \(type), \"description\": \"\(summary)\" }"
    }

    private static func words(_ list: [String]) -> String {
        list.map { "\"\($0)\"" }.joined(separator: ", ")
    }

    private static func type(_ form: SettingForm) -> String {
        switch form {
        case .text, .size: "\"type\": [\"string\", \"null\"]"
        case .flag: "\"type\": [\"boolean\", \"null\"]"
        case .integer(let range):
            "\"type\": [\"integer\", \"null\"], \"minimum\": \(range.lowerBound), \"maximum\": \(range.upperBound)"
        case .number(let range):
            "\"type\": [\"number\", \"null\"], \"minimum\": \(SettingText.plain(range.lowerBound)), \"maximum\": \(SettingText.plain(range.upperBound))"
        case .choice(let list): "\"enum\": [\(words(list)), null]"
        case .seconds, .bitrate, .bytes: "\"type\": [\"number\", \"string\", \"null\"]"
        case .list:
            "\"type\": [\"array\", \"string\", \"null\"], \"items\": { \"type\": \"string\" }"
        case .rectangles:
            "\"type\": [\"array\", \"string\", \"null\"], \"items\": { \"type\": [\"string\", \"array\"] }"
        }
    }
}

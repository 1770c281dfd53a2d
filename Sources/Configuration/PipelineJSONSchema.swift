/// JSON Schema of pipeline files, for editors; generated from the tables of settings.
public enum PipelineJSONSchema {
    /// The schema (draft 2020-12) with one alternative per command; the text is deterministic.
    public static var json: String {
        let cameras = list("cameras", properties(CameraSettingTable.all))
        let webhooks = list("webhooks", properties(WebhookSettingTable.all))
        let sets = ["sets", "held-out"].map { list($0, properties(SetSettingTable.all)) }
        let alternatives = [
            command("detect", properties(DetectSettingTable.all)),
            command("bench", properties(BenchSettingTable.all)),
            command(
                "live",
                properties(
                    LiveSettingTable.all.filter { !["cameras", "webhooks"].contains($0.key) })
                    + [cameras, webhooks]),
            command(
                "train",
                properties(
                    TrainSettingTable.all.filter { !["sets", "held-out"].contains($0.key) }) + sets),
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

    /// A list whose entries are texts or mappings.
    private static func list(_ key: String, _ properties: [String]) -> String {
        """
        "\(key)": { "type": ["array", "string", "null"], "items": { "anyOf": [{ "type": "string" },
        \(object(properties, indent: "    "))] } }
        """
    }

    private static func command(_ name: String, _ properties: [String]) -> String {
        let all =
            [property("command", "\"const\": \"\(name)\"", "The command to run.")] + properties
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

    /// The properties of a table, groups after single settings.
    private static func properties<Description>(_ table: [Setting<Description>]) -> [String] {
        var groups: [(name: String, properties: [String])] = []
        var top: [String] = []
        for setting in table {
            let parts = setting.key.split(separator: ".").map(String.init)
            let texts = properties(setting)
            if parts.count == 1 {
                top += texts
            } else if let index = groups.firstIndex(where: { $0.name == parts[0] }) {
                groups[index].properties += texts
            } else {
                groups.append((parts[0], texts))
            }
        }
        return top + groups.map { "\"\($0.name)\": \(object($0.properties, indent: "        "))" }
    }

    /// The property of a setting, and that of its former key, in the same group, where there is one.
    private static func properties<Description>(_ setting: Setting<Description>) -> [String] {
        let current = property(word(setting.key), type(setting.form), setting.summary)
        guard let former = setting.formerKey else { return [current] }
        let deprecated = "\"deprecated\": true, \(type(setting.form))"
        return [current, property(word(former), deprecated, "Former name of \(setting.key).")]
    }

    private static func word(_ key: String) -> String {
        key.split(separator: ".").last.map(String.init) ?? key
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

    /// The type of a list whose entries are texts or objects with fields.
    private static func items(_ fields: [SettingForm.Field]) -> String {
        let entries = fields.map { property($0.key, type($0.form), $0.summary) }
        return
            "\"type\": [\"array\", \"string\", \"null\"], \"items\": { \"anyOf\": [{ \"type\": \"string\" }, "
            + "{ \"type\": \"object\", \"required\": [\"name\", \"points\"], \"additionalProperties\": false, "
            + "\"properties\": { \(entries.joined(separator: ", ")) } }] }"
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
        case .videoStream: "\"type\": [\"integer\", \"string\", \"null\"]"
        case .regions:
            "\"type\": [\"array\", \"string\", \"null\"], \"items\": { \"type\": [\"string\", \"array\"] }"
        case .points: "\"type\": [\"array\", \"string\"]"
        case .pairs: "\"type\": [\"object\", \"number\", \"string\", \"null\"]"
        case .items(let fields): items(fields)
        }
    }
}

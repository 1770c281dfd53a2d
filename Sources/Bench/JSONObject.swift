internal import Pipeline

/// A JSON object with its members in the order of addition.
struct JSONObject {
    private var parts: [String] = []

    init(_ fill: (inout JSONObject) -> Void = { _ in }) { fill(&self) }

    var text: String { "{" + parts.joined(separator: ",") + "}" }

    mutating func add(_ key: String, _ value: Double?) {
        addRaw(key, value.map(Self.number) ?? "null")
    }
    mutating func add(_ key: String, _ value: Int) { addRaw(key, String(value)) }
    mutating func add(_ key: String, _ value: String) { addRaw(key, JSONText.quoted(value)) }
    mutating func add(_ key: String, _ object: JSONObject) { addRaw(key, object.text) }
    /// Adds a member whose value is JSON text.
    mutating func addRaw(_ key: String, _ json: String) {
        parts.append("\(JSONText.quoted(key)):\(json)")
    }

    /// A number with four decimals, enough for milliseconds and rates.
    static func number(_ value: Double) -> String { DecimalText.text(value, decimals: 4) }
}

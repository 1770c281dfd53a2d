/// A JSON object with its members in the order of addition.
///
/// For texts whose order and decimals are fixed; `JSONEncoder` writes those where neither matters.
package struct JSONObject {
    private var parts: [String] = []

    /// An object with the members that the body adds.
    package init(_ fill: (inout JSONObject) -> Void = { _ in }) { fill(&self) }

    /// The object in one line.
    package var text: String { "{" + parts.joined(separator: ",") + "}" }

    /// Adds a number with four decimals; null for nil.
    package mutating func add(_ key: String, _ value: Double?) {
        addRaw(key, value.map(Self.number) ?? "null")
    }

    /// Adds a whole number.
    package mutating func add(_ key: String, _ value: some BinaryInteger) {
        addRaw(key, String(value))
    }

    /// Adds a truth value.
    package mutating func add(_ key: String, _ value: Bool) { addRaw(key, String(value)) }

    /// Adds a string.
    package mutating func add(_ key: String, _ value: String) {
        addRaw(key, JSONText.quoted(value))
    }

    /// Adds an object.
    package mutating func add(_ key: String, _ object: JSONObject) { addRaw(key, object.text) }

    /// Adds an array of JSON texts.
    package mutating func add(_ key: String, array: [String]) {
        addRaw(key, "[" + array.joined(separator: ",") + "]")
    }

    /// Adds a member whose value is JSON text.
    package mutating func addRaw(_ key: String, _ json: String) {
        parts.append("\(JSONText.quoted(key)):\(json)")
    }

    /// A number with four decimals, enough for milliseconds and rates.
    package static func number(_ value: Double) -> String { DecimalText.text(value, decimals: 4) }
}

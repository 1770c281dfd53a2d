internal import Pipeline

/// One figure of a bench, measured several times.
public struct BenchMetric: Sendable, Hashable {
    /// What is counted, with its unit: `detector_calls_per_s`.
    public let name: String
    /// One value a repeat.
    public let values: [Double]
    /// Whether less is better, as with times.
    public let isLowerBetter: Bool

    /// A figure by its parts; there is at least one value.
    public init(_ name: String, _ values: [Double], isLowerBetter: Bool) {
        precondition(!values.isEmpty, "a figure without a value")
        self.name = name
        self.values = values
        self.isLowerBetter = isLowerBetter
    }

    /// The middle value.
    public var median: Double { values.sortedMedian }

    /// Half the distance between the extremes, as a share of the median; nil for a single value.
    public var noise: Double? {
        guard values.count > 1, let least = values.min(), let most = values.max(), median > 0
        else { return nil }
        return (most - least) / 2 / median
    }

    var json: String {
        JSONObject {
            $0.add("median", median)
            $0.add("least", values.min() ?? 0)
            $0.add("most", values.max() ?? 0)
            $0.add("better", isLowerBetter ? "lower" : "higher")
            $0.addRaw("values", "[" + values.map(JSONObject.number).joined(separator: ",") + "]")
        }.text
    }
}

extension [Double] {
    /// The middle value, or the mean of the two in the middle; 0 of nothing.
    var sortedMedian: Double {
        guard !isEmpty else { return 0 }
        let sorted = sorted()
        let middle = count / 2
        return count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// A JSON object that is put together in order.
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
    /// Adds what is JSON already.
    mutating func addRaw(_ key: String, _ json: String) {
        parts.append("\(JSONText.quoted(key)):\(json)")
    }

    /// Four decimals are enough for milliseconds and rates alike.
    static func number(_ value: Double) -> String { DecimalText.text(value, decimals: 4) }
}

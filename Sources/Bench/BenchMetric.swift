internal import Pipeline

/// One metric of a benchmark, measured several times.
public struct BenchMetric: Sendable, Hashable {
    /// Name with unit, such as `detector_calls_per_s`.
    public let name: String
    /// Former name, written and compared for one release beside the current one.
    let formerName: String?
    /// One value per repeat.
    public let values: [Double]
    /// True when lower is better, as for times.
    public let isLowerBetter: Bool

    /// A metric with at least one value.
    public init(
        _ name: String, _ values: [Double], isLowerBetter: Bool, formerName: String? = nil
    ) {
        precondition(!values.isEmpty, "a metric without a value")
        self.name = name
        self.formerName = formerName
        self.values = values
        self.isLowerBetter = isLowerBetter
    }

    /// The median.
    public var median: Double { values.sortedMedian }

    /// Half the range of the values as a share of the median; nil for a single value.
    public var noise: Double? {
        guard values.count > 1, let least = values.min(), let most = values.max(), median > 0
        else { return nil }
        return (most - least) / 2 / median
    }

    /// Adds the metric to a report.
    func add(to object: inout JSONObject) {
        object.addRaw(name, json)
        if let formerName { object.addRaw(formerName, json) }
    }

    var json: String {
        JSONObject {
            $0.add("median", median)
            $0.add("least", values.min() ?? 0)
            $0.add("most", values.max() ?? 0)
            $0.add("better", isLowerBetter ? "lower" : "higher")
            $0.add("values", array: values.map(JSONObject.number))
        }.text
    }
}

extension [Double] {
    /// The median; 0 for no values.
    var sortedMedian: Double {
        guard !isEmpty else { return 0 }
        let sorted = sorted()
        let middle = count / 2
        return count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

internal import Flow
internal import Pipeline

/// A table of latencies for people: one row per distribution, in milliseconds.
///
/// A column of a percentile appears when at least one row has enough samples for it; a row with too
/// few has a dash there.
struct LatencyTable {
    /// Heading of the names.
    let title: String
    /// Distributions by name; empty ones are left out.
    let rows: [(name: String, recorder: LatencyRecorder)]
    /// Width of the column of names.
    var width = 34

    private static let candidates = [Percentile.p50, .p90, .p99, .p999]

    /// The lines of the table; none without samples.
    var lines: [String] {
        let filled = rows.filter { $0.recorder.count > 0 }
        guard !filled.isEmpty else { return [] }
        let percentiles = Self.candidates.filter { percentile in
            filled.contains { $0.recorder.value(at: percentile) != nil }
        }
        let names = ["n", "mean"] + percentiles.map(\.description) + ["max"]
        let head = title.padded(width) + names.map(Self.cell).joined()
        return [head]
            + filled.map { name, recorder in
                name.padded(width) + Self.cells(recorder, percentiles).map(Self.cell).joined()
            }
    }

    private static func cells(
        _ recorder: LatencyRecorder, _ percentiles: [Percentile]
    ) -> [String] {
        let times =
            [recorder.mean]
            + percentiles.map { recorder.value(at: $0).map { Double($0) } }
            + [recorder.maximum.map { Double($0) }]
        return [String(recorder.count)]
            + times.map { $0.map { DecimalText.text($0 / 1e6, decimals: 2) } ?? "–" }
    }

    private static func cell(_ text: String) -> String {
        String(repeating: " ", count: max(1, 10 - text.count)) + text
    }
}

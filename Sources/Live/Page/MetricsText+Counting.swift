internal import Analytics

extension MetricsText {
    /// Adds the counts of zones and lines.
    mutating func addCounting() {
        guard statuses.contains(where: \.hasPlaces) else { return }
        add("crossings_total", "counter", "Objects that crossed a line.") { status in
            status.counting.lines.flatMap(Self.crossings)
        }
        add("crossing_jumps_total", "counter", "Jumps of identities across a line, ignored.") {
            $0.counting.lines.map { ("line=\"\($0.name)\"", Double($0.jumps)) }
        }
        add("zone_objects", "gauge", "Objects in a zone.") { status in
            status.counting.zones.flatMap { zone in
                zone.inside.sorted { $0.key < $1.key }.map {
                    ("zone=\"\(zone.name)\",class=\"\(Self.escaped($0.key))\"", Double($0.value))
                }
            }
        }
        head("zone_dwell_seconds", "histogram", "Length of the visits to a zone.")
        for status in statuses {
            for zone in status.counting.zones {
                let labels = "camera=\"\(status.name)\",zone=\"\(zone.name)\""
                lines += Self.histogram(labels, zone.dwell)
            }
        }
    }

    /// Samples of a line; a direction without crossings has none but a zero of its own.
    private static func crossings(
        _ line: CountingStatus.LineStatus
    ) -> [(labels: String, Double)] {
        Direction.allCases.flatMap { direction in
            let name = line.directions[direction] ?? direction.rawValue
            return (line.counts[direction] ?? [:]).sorted { $0.key < $1.key }.map {
                (
                    "line=\"\(line.name)\",direction=\"\(name)\",class=\"\(escaped($0.key))\"",
                    Double($0.value)
                )
            }
        }
    }

    private static func histogram(_ labels: String, _ dwell: DwellHistogram) -> [String] {
        let name = "thunderline_zone_dwell_seconds"
        let count = dwell.counts[DwellHistogram.bounds.count]
        return zip(DwellHistogram.bounds, dwell.counts).map { bound, count in
            "\(name)_bucket{\(labels),le=\"\(bound)\"} \(count)"
        } + [
            "\(name)_bucket{\(labels),le=\"+Inf\"} \(count)", "\(name)_sum{\(labels)} \(dwell.sum)",
            "\(name)_count{\(labels)} \(count)",
        ]
    }

    /// A label's value, escaped as the format requires.
    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing(
            "\n", with: "\\n")
    }
}

extension CameraStatus {
    /// True for a camera with zones or lines.
    fileprivate var hasPlaces: Bool { !counting.zones.isEmpty || !counting.lines.isEmpty }
}

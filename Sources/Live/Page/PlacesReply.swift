internal import Analytics
internal import Configuration
internal import Scene

/// Zones and lines of a camera or file in `/api/cameras/NAME/places`, with points in fractions of the frame.
struct PlacesReply: Encodable {
    /// A zone or line.
    struct Place: Encodable {
        let name: String
        let label: String?
        let points: [[Double]]
        let classes: [String]
        /// Names of the directions of a line by `in` and `out`.
        let names: [String: String]?
    }

    let zones: [Place]
    let lines: [Place]

    /// Places of a description.
    init(_ description: some DetectionDescription) {
        zones = description.zones.map {
            Place(
                name: $0.name, label: $0.label, points: $0.points.map { [$0.x, $0.y] },
                classes: $0.classes, names: nil)
        }
        lines = description.lines.map {
            Place(
                name: $0.name, label: $0.label, points: $0.points.map { [$0.x, $0.y] },
                classes: $0.classes, names: $0.names.isEmpty ? nil : Self.names($0.names))
        }
    }

    private static func names(_ names: [Direction: String]) -> [String: String] {
        Dictionary(
            Direction.allCases.map { ($0.rawValue, names[$0] ?? $0.rawValue) },
            uniquingKeysWith: { $1 })
    }
}

package import Analytics
internal import Configuration
package import Overlay
internal import Scene

/// Zones and lines of one source, with the classes of its model.
package struct ScenePlaces: Sendable {
    /// Zones, in the order of the description.
    package let zones: [Zone]
    /// Lines, in the order of the description.
    package let lines: [Line]
    /// Drawn texts of the zones.
    let zoneLabels: [String]
    /// Drawn texts of the lines.
    let lineLabels: [String]

    /// Finds the classes of a description's zones and lines among the model's.
    ///
    /// - Throws: A ``RunError`` that names an unknown class.
    init(_ description: some DetectionDescription, classes names: [String]) throws(RunError) {
        var zones: [Zone] = []
        for zone in description.zones { zones.append(try Self.zone(zone, names)) }
        var lines: [Line] = []
        for line in description.lines { lines.append(try Self.line(line, names)) }
        self.zones = zones
        self.lines = lines
        zoneLabels = description.zones.map { $0.label ?? $0.name }
        lineLabels = description.lines.map { $0.label ?? $0.name }
    }

    /// True without a zone and a line.
    package var isEmpty: Bool { zones.isEmpty && lines.isEmpty }
    /// Names of the zones.
    package var zoneNames: [String] { zones.map(\.name) }

    /// A value that derives events of these zones and lines.
    package func makeEvents(isChosen: [Bool], memory: Double) -> SceneEvents {
        SceneEvents(isChosen: isChosen, memory: memory, zones: zones, lines: lines)
    }

    private static func zone(
        _ description: ZoneDescription, _ names: [String]
    ) throws(RunError) -> Zone {
        var zone = Zone(name: description.name, points: description.points)
        zone.classes = try indices(description.classes, names)
        zone.anchor = description.anchor
        zone.enterAfter = description.enterAfter
        zone.leaveAfter = description.leaveAfter
        zone.loiter = description.loiter.others
        zone.loiterOfClass = try numbers(description.loiter, names)
        zone.crowd = description.crowd
        if let standing = description.loiterStanding {
            zone.loitersStanding = standing.isEmpty ? [] : try indices(standing, names) ?? []
        } else {
            zone.loitersStanding = Set(names.indices.filter { names[$0] == "person" })
        }
        return zone
    }

    private static func line(
        _ description: LineDescription, _ names: [String]
    ) throws(RunError) -> Line {
        var line = Line(name: description.name, points: description.points)
        line.classes = try indices(description.classes, names)
        line.anchor = description.anchor
        line.band = description.band
        line.names.merge(description.names) { _, new in new }
        return line
    }

    /// Indices of named classes; nil for an empty list.
    private static func indices(
        _ wanted: [String], _ names: [String]
    ) throws(RunError) -> Set<Int>? {
        guard !wanted.isEmpty else { return nil }
        let isWanted = try ClassSelection(wanted, among: names).isWanted
        return Set(names.indices.filter { isWanted[$0] })
    }

    /// Numbers by class index.
    static func numbers(_ values: ByClass, _ names: [String]) throws(RunError) -> [Int: Double] {
        _ = try ClassSelection(values.classes.keys.sorted(), among: names)
        return Dictionary(
            uniqueKeysWithValues: names.indices.compactMap { index in
                values.classes[names[index]].map { (index, $0) }
            })
    }
}

extension SizeLimits {
    /// Limits of a description, for a model's classes.
    init(_ objects: DetectionFilter, classes names: [String]) throws(RunError) {
        self.init()
        for index in names.indices {
            least[index] = objects.leastSize[names[index]].map { Float($0) }
            most[index] = objects.mostSize[names[index]].map { Float($0) }
        }
        _ = try ScenePlaces.numbers(objects.leastSize, names)
        _ = try ScenePlaces.numbers(objects.mostSize, names)
    }
}

extension ScenePlaces {
    /// Outlines of zones and lines with their counts, in pixels of a frame.
    package func shapes(
        _ events: SceneEvents, frameWidth: Int, frameHeight: Int
    ) -> [OverlayShape] {
        func points(_ places: [FramePoint]) -> [Polyline.Point] {
            places.map {
                Polyline.Point(
                    x: Float($0.x * Double(frameWidth)), y: Float($0.y * Double(frameHeight)))
            }
        }
        let outlines = zones.indices.map { index in
            let count = events.inside[index].values.reduce(0, +)
            return OverlayShape(
                points: points(zones[index].points), isClosed: true,
                text: "\(zoneLabels[index]) \(count)", isActive: count > 0)
        }
        return outlines
            + lines.indices.map { index in
                OverlayShape(
                    points: points(lines[index].points), isClosed: false,
                    text: text(ofLine: index, events.totals[index]), showsArrow: true)
            }
    }

    private func text(ofLine index: Int, _ total: LineTotal) -> String {
        let counts = Direction.allCases.map { "\(lines[index].name(of: $0)) \(total[$0])" }
        return "\(lineLabels[index]) \(counts.joined(separator: " "))"
    }
}

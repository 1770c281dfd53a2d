package import Analytics
internal import Scene

/// Fields of an event's line of NDJSON that recordings and cameras share.
package struct EventText: Sendable {
    private let zones: [Zone]
    private let lines: [Line]

    /// Text without zones and lines.
    package init() { (zones, lines) = ([], []) }

    /// Text with the names of zones and lines.
    package init(_ places: ScenePlaces) { (zones, lines) = (places.zones, places.lines) }

    /// Name of the zone or line of an event; nil for one of an object's life.
    package func placeName(_ event: ObjectEvent) -> String? {
        switch event.place {
        case .line(let crossing): lines[crossing.line].name
        case .zone(let visit): zones[visit.zone].name
        case nil: nil
        }
    }

    /// Name of the direction of a crossing; nil for other events.
    package func directionName(_ event: ObjectEvent) -> String? {
        event.crossing.map { lines[$0.line].name(of: $0.direction) }
    }

    /// Fields from `event` on, each `"key":value`.
    package func fields(_ event: ObjectEvent, className: String) -> [String] {
        let object = event.object
        let box = [object.box.x, object.box.y, object.box.width, object.box.height]
            .map(DecimalText.pixels).joined(separator: ",")
        return ["\"event\":\"\(event.kind.rawValue)\""] + place(event) + [
            "\"id\":\(object.id)", "\"class\":\(JSONText.quoted(className))",
            "\"score\":\(DecimalText.score(object.score))", "\"box\":[\(box)]",
            "\"seconds\":\(DecimalText.text(event.seconds, decimals: 3))",
        ] + details(event) + (event.isStanding ? ["\"standing\":true"] : [])
    }

    private func place(_ event: ObjectEvent) -> [String] {
        switch event.place {
        case .line(let crossing):
            let line = lines[crossing.line]
            return [
                "\"line\":\"\(line.name)\"",
                "\"direction\":\"\(line.name(of: crossing.direction))\"",
            ]
        case .zone(let visit): return ["\"zone\":\"\(zones[visit.zone].name)\""]
        case nil: return []
        }
    }

    private func details(_ event: ObjectEvent) -> [String] {
        switch event.place {
        case .line(let crossing):
            let line = lines[crossing.line]
            let totals = Direction.allCases.map {
                "\"\(line.name(of: $0))\":\(crossing.total[$0])"
            }
            return [
                "\"at\":[\(DecimalText.text(crossing.x, decimals: 2)),\(DecimalText.text(crossing.y, decimals: 2))]",
                "\"total\":{\(totals.joined(separator: ","))}",
            ] + (crossing.isShort ? ["\"short\":true"] : [])
        case .zone(let visit):
            let dwell = "\"dwell\":\(DecimalText.text(visit.dwell, decimals: 3))"
            let reason = visit.reason.map { ["\"reason\":\"\($0.rawValue)\""] } ?? []
            return (event.kind == .leave || event.kind == .loiter ? [dwell] : [])
                + ["\"inside\":\(visit.inside)"] + reason
        case nil: return []
        }
    }
}

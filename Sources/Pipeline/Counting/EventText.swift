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

    /// Adds the members from `event` on.
    package func add(_ event: ObjectEvent, className: String, to json: inout JSONObject) {
        json.add("event", event.kind.rawValue)
        addPlace(of: event, to: &json)
        json.add("id", event.object.id)
        json.add("class", className)
        json.addRaw("score", DecimalText.score(event.object.score))
        json.add("box", array: DecimalText.box(event.object.box))
        json.addRaw("seconds", DecimalText.text(event.seconds, decimals: 3))
        switch event.place {
        case .line(let crossing): add(crossing, to: &json)
        case .zone(let visit): add(visit, of: event.kind, to: &json)
        case nil: break
        }
        if event.isStanding { json.add("standing", true) }
    }

    /// Name of a line or zone, and of the direction of a crossing.
    package func names(of place: ObjectEvent.Place) -> (place: String, direction: String?) {
        switch place {
        case .line(let crossing):
            (lines[crossing.line].name, lines[crossing.line].name(of: crossing.direction))
        case .zone(let visit): (zones[visit.zone].name, nil)
        }
    }

    private func addPlace(of event: ObjectEvent, to json: inout JSONObject) {
        switch event.place {
        case .line(let crossing):
            json.add("line", lines[crossing.line].name)
            json.add("direction", lines[crossing.line].name(of: crossing.direction))
        case .zone(let visit): json.add("zone", zones[visit.zone].name)
        case nil: break
        }
    }

    private func add(_ crossing: ObjectEvent.Crossing, to json: inout JSONObject) {
        json.add("at", array: [crossing.x, crossing.y].map { DecimalText.text($0, decimals: 2) })
        json.add(
            "total",
            JSONObject { total in
                for direction in Direction.allCases {
                    total.add(lines[crossing.line].name(of: direction), crossing.total[direction])
                }
            })
        if crossing.isShort { json.add("short", true) }
    }

    private func add(
        _ visit: ObjectEvent.Visit, of kind: ObjectEvent.Kind, to json: inout JSONObject
    ) {
        if kind == .leave || kind == .loiter {
            json.addRaw("dwell", DecimalText.text(visit.dwell, decimals: 3))
        }
        json.add("inside", visit.inside)
        if let reason = visit.reason { json.add("reason", reason.rawValue) }
    }
}

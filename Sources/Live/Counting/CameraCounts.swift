internal import Analytics
internal import Pipeline
internal import Scene

/// Counts of one camera's zones and lines: totals for metrics and the page, and rows and crossings to be written.
///
/// Times are seconds since 1970, by this machine's clock. State is bounded: crossings that are not collected are
/// dropped and counted.
struct CameraCounts: Sendable {
    /// Crossing with its time.
    struct TimedCrossing: Sendable {
        var event: ObjectEvent
        var time: Double
    }

    private(set) var status: CountingStatus
    private let places: ScenePlaces
    private let classNames: [String]
    private var table: CountTable
    private var crossings: [TimedCrossing] = []
    private(set) var heat = HeatMap()

    private static let crossingLimit = 10_000

    /// Counts of a camera's zones and lines, by intervals of some seconds.
    init(_ settings: DetectionContext, every: Double) {
        places = settings.places
        classNames = settings.classNames
        table = CountTable(
            zones: places.zones, lines: places.lines, classes: settings.countedClasses,
            every: every)
        status = CountingStatus(places)
    }

    /// Adds the events of a frame that arrived at `time`, and its objects.
    mutating func add(
        _ events: [ObjectEvent], _ scene: SceneEvents, at time: Double
    ) {
        guard !places.isEmpty else { return }
        for event in events where event.place != nil {
            table.add(event, classIndex: event.object.classIndex, at: time - event.delay)
            add(event, at: time - event.delay)
        }
        table.note(scene.inside, at: time)
        for (zone, counts) in scene.inside.enumerated() {
            for name in status.zones[zone].inside.keys { status.zones[zone].inside[name] = 0 }
            for (index, count) in counts { status.zones[zone].inside[classNames[index]] = count }
        }
        for (line, total) in scene.totals.enumerated() { status.lines[line].jumps = total.jumps }
    }

    /// Adds the places of a frame's objects to the heat map.
    mutating func addHeat(
        _ objects: [TrackedObject], at seconds: Double, frameWidth: Int, frameHeight: Int
    ) {
        heat.add(objects, at: seconds, frameWidth: frameWidth, frameHeight: frameHeight)
    }

    private mutating func add(_ event: ObjectEvent, at time: Double) {
        let name = classNames[event.object.classIndex]
        if let crossing = event.crossing {
            status.lines[crossing.line].counts[crossing.direction, default: [:]][
                name, default: 0] +=
                1
            if crossings.count < Self.crossingLimit {
                crossings.append(TimedCrossing(event: event, time: time))
            } else {
                status.lostCrossings += 1
            }
        } else if event.kind == .leave, let visit = event.visit {
            status.zones[visit.zone].dwell.add(visit.dwell)
        }
    }

    /// Takes the rows of the intervals that ended before a time, and the crossings so far.
    mutating func take(before time: Double) -> ([CountTable.Row], [TimedCrossing]) {
        defer { crossings.removeAll(keepingCapacity: true) }
        return (table.close(before: time), crossings)
    }

    /// Takes the rest at the end of a run.
    mutating func finish(at time: Double) -> ([CountTable.Row], [TimedCrossing]) {
        defer { crossings = [] }
        return (table.finish(at: time), crossings)
    }
}

/// Totals of a camera's zones and lines.
struct CountingStatus: Sendable {
    /// Objects and visits of a zone.
    struct ZoneStatus: Sendable {
        let name: String
        /// Objects inside, by the name of their class; 0 for classes seen before.
        var inside: [String: Int] = [:]
        var dwell = DwellHistogram()
    }

    /// Crossings of a line.
    struct LineStatus: Sendable {
        let name: String
        let directions: [Direction: String]
        /// Crossings by direction and by the name of the class.
        var counts: [Direction: [String: Int]] = [:]
        var jumps = 0
    }

    var zones: [ZoneStatus] = []
    var lines: [LineStatus] = []
    /// Crossings that were counted but not written to a file.
    var lostCrossings = 0

    init() {}

    init(_ places: ScenePlaces) {
        zones = places.zones.map { ZoneStatus(name: $0.name) }
        lines = places.lines.map { LineStatus(name: $0.name, directions: $0.names) }
    }
}

/// Lengths of visits in buckets.
struct DwellHistogram: Sendable {
    /// Upper bounds of the buckets in seconds.
    static let bounds: [Double] = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600]

    /// Visits up to each bound, and all.
    private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    /// Seconds of all visits.
    private(set) var sum = 0.0

    mutating func add(_ seconds: Double) {
        sum += seconds
        for (index, bound) in Self.bounds.enumerated() where seconds <= bound { counts[index] += 1 }
        counts[Self.bounds.count] += 1
    }
}

extension CountingStatus.LineStatus {
    /// The line with its counts: `stopline: 12 northbound (9 car, 3 truck), 9 southbound; 1 jump ignored`.
    var text: String {
        let parts = Direction.allCases.map { direction in
            let counts = self.counts[direction] ?? [:]
            let names = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                .map { "\($0.value) \($0.key)" }
            let total = counts.values.reduce(0, +)
            return "\(total) \(directions[direction] ?? direction.rawValue)"
                + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))")
        }
        let ignored = jumps > 0 ? "; \(jumps) \(jumps == 1 ? "jump" : "jumps") ignored" : ""
        return "\(name): \(parts.joined(separator: ", "))\(ignored)"
    }
}

/// Counts of crossings and visits by interval of time.
///
/// An interval is closed once its time has passed; a count that belongs to a closed interval, since its object settled
/// late, goes to the oldest open one. State is bounded by the number of zones, lines and classes.
public struct CountTable: Sendable {
    /// One interval of one zone or line, direction and class.
    public struct Row: Hashable, Sendable {
        /// Start in seconds of the source.
        public var start: Double
        /// End in seconds of the source.
        public var end: Double
        /// Zone or line, and direction.
        public var subject: Subject
        /// Index of the class.
        public var classIndex: Int
        /// Crossings, or visits that began.
        public var count = 0
        /// Mean length in seconds of the visits that ended; nil without any, and for lines.
        public var meanDwell: Double?
        /// Longest visit that ended, in seconds; nil without any, and for lines.
        public var longestDwell: Double?
        /// Most objects at once; nil for lines.
        public var mostInside: Int?
    }

    /// Zone, or direction of a line, by index.
    public enum Subject: Hashable, Sendable {
        case zone(Int)
        case line(Int, Direction)
    }

    private struct Key: Hashable, Sendable {
        var subject: Subject
        var classIndex: Int
    }

    private struct Cell: Sendable {
        var count = 0
        var visits = 0
        var dwell = 0.0
        var longest = 0.0
        var most = 0
    }

    private let every: Double
    private let offset: Double
    private let keys: [Key]
    /// Cells of the open intervals by index of the interval; absent ones are empty.
    private var cells: [Int: [Key: Cell]] = [:]
    private var oldest: Int?
    private var start = 0.0

    /// Creates a table without counts.
    ///
    /// - Parameters:
    ///   - zones: Zones.
    ///   - lines: Lines.
    ///   - classes: Indices of the detected classes; each zone and line has a row for those it counts.
    ///   - every: Length of an interval in seconds, positive.
    ///   - offset: Seconds on the clock at second 0 of the source, to which intervals are aligned; 0 without a clock.
    public init(zones: [Zone], lines: [Line], classes: [Int], every: Double, offset: Double = 0) {
        precondition(every > 0, "an interval has a length")
        self.every = every
        self.offset = offset
        keys =
            zones.indices.flatMap { zone in
                classes.filter(zones[zone].counts).map { Key(subject: .zone(zone), classIndex: $0) }
            }
            + lines.indices.flatMap { line in
                Direction.allCases.flatMap { direction in
                    classes.filter(lines[line].counts).map {
                        Key(subject: .line(line, direction), classIndex: $0)
                    }
                }
            }
    }

    /// Start of the oldest open interval in seconds of the source; nil before the first frame.
    public var openSince: Double? { oldest.map(begin) }

    /// Notes a frame at a time in seconds of the source, with the objects inside each zone, by class index.
    public mutating func note(_ inside: [[Int: Int]], at seconds: Double) {
        if oldest == nil {
            (oldest, start) = (index(of: seconds), seconds)
        }
        for (zone, counts) in inside.enumerated() {
            for (classIndex, count) in counts {
                let key = Key(subject: .zone(zone), classIndex: classIndex)
                change(key, at: seconds) { $0.most = max($0.most, count) }
            }
        }
    }

    /// Adds a crossing or a visit's begin or end that happened at a time in seconds of the source.
    public mutating func add(_ event: ObjectEvent, classIndex: Int, at seconds: Double) {
        if oldest == nil { note([], at: seconds) }
        if let crossing = event.crossing {
            let subject = Subject.line(crossing.line, crossing.direction)
            change(Key(subject: subject, classIndex: classIndex), at: seconds) { $0.count += 1 }
        } else if let visit = event.visit {
            let key = Key(subject: .zone(visit.zone), classIndex: classIndex)
            change(key, at: seconds) { cell in
                switch event.kind {
                case .enter: cell.count += 1
                case .leave:
                    cell.visits += 1
                    cell.dwell += visit.dwell
                    cell.longest = max(cell.longest, visit.dwell)
                default: break
                }
            }
        }
    }

    /// Closes the intervals that ended before a time in seconds of the source; returns their rows, zeros included.
    public mutating func close(before seconds: Double) -> [Row] {
        var rows: [Row] = []
        while let interval = oldest, begin(interval + 1) <= seconds {
            rows += closed(interval, end: begin(interval + 1))
            oldest = interval + 1
            if index(of: seconds) - interval > Self.longestGap { oldest = skip(to: seconds) }
        }
        return rows
    }

    /// Most empty intervals in a row: a damaged timestamp may be years ahead.
    private static let longestGap = 100_000

    /// The next interval with a count, or that of a time in seconds of the source.
    private func skip(to seconds: Double) -> Int {
        min(cells.keys.min() ?? Int.max, index(of: seconds))
    }

    /// Closes all intervals at the end of a run; the last one ends then.
    public mutating func finish(at seconds: Double) -> [Row] {
        var rows = close(before: seconds)
        if let interval = oldest, seconds > max(begin(interval), start) {
            rows += closed(interval, end: seconds)
        }
        oldest = nil
        return rows
    }

    private mutating func closed(_ interval: Int, end: Double) -> [Row] {
        let found = cells.removeValue(forKey: interval) ?? [:]
        return keys.map { key in
            let cell = found[key] ?? Cell()
            var row = Row(
                start: max(begin(interval), start), end: end, subject: key.subject,
                classIndex: key.classIndex, count: cell.count)
            guard case .zone = key.subject else { return row }
            row.mostInside = cell.most
            guard cell.visits > 0 else { return row }
            row.meanDwell = cell.dwell / Double(cell.visits)
            row.longestDwell = cell.longest
            return row
        }
    }

    private func index(of seconds: Double) -> Int {
        let index = ((offset + seconds) / every).rounded(.down)
        return Int(min(max(index, -1e15), 1e15))
    }

    private func begin(_ interval: Int) -> Double { Double(interval) * every - offset }

    private mutating func change(_ key: Key, at seconds: Double, _ change: (inout Cell) -> Void) {
        let interval = max(index(of: seconds), oldest ?? Int.min)
        change(&cells[interval, default: [:]][key, default: Cell()])
    }
}

public import Analytics
public import Scene

/// Part of the frame in which objects are counted, as the user describes it.
public struct ZoneDescription: Sendable, Hashable {
    /// Its name in results, events and counts: letters, digits, `-` and `_`.
    public var name = ""
    /// Text that is drawn; nil for the name.
    public var label: String?
    /// Corners in order, in fractions of the frame.
    public var points: [FramePoint] = []
    /// Names of the classes that count; empty for all detected classes.
    public var classes: [String] = []
    /// Point of an object's box that is inside or outside.
    public var anchor = Anchor.bottomCenter
    /// Seconds for which an object is seen inside before it enters.
    public var enterAfter = 0.2
    /// Seconds for which an object is seen outside before it leaves.
    public var leaveAfter = 0.6
    /// Seconds of a visit that make it a loiter.
    public var loiter = ByClass()
    /// Names of the classes whose standing objects loiter too; nil for persons.
    public var loiterStanding: [String]?
    /// Number of objects inside that is a crowd; nil for none.
    public var crowd: Int?

    /// A zone without a name and points.
    public init() {}
}

/// Line across which objects are counted, as the user describes it.
public struct LineDescription: Sendable, Hashable {
    /// Its name in results, events and counts: letters, digits, `-` and `_`.
    public var name = ""
    /// Text that is drawn; nil for the name.
    public var label: String?
    /// Points in order, in fractions of the frame.
    public var points: [FramePoint] = []
    /// Names of the directions; absent ones are `in` and `out`.
    public var names: [Direction: String] = [:]
    /// Names of the classes that count; empty for all detected classes.
    public var classes: [String] = []
    /// Point of an object's box that crosses.
    public var anchor = Anchor.bottomCenter
    /// Distance from the line, as a fraction of the box's shorter side, at which an object is settled on a side.
    public var band = 0.1

    /// A line without a name and points.
    public init() {}
}

/// Numbers by class, with one for the others.
public struct ByClass: Sendable, Hashable {
    /// Number of the classes without their own; nil for none.
    public var others: Double?
    /// Numbers by the name of the class.
    public var classes: [String: Double] = [:]

    /// No numbers.
    public init() {}

    /// Number of a class; nil for none.
    public subscript(name: String) -> Double? { classes[name] ?? others }
}

/// Counts by interval, single crossings, and time spent at each place.
public struct CountsDescription: Sendable, Hashable {
    /// Path of a CSV file of counts; nil for none.
    public var file: String?
    /// Seconds of an interval, aligned to the clock where there is one.
    public var every = 900.0
    /// Path of a CSV file with a line for each crossing; nil for none.
    public var crossings: String?
    /// Paths of heat maps, PNG or CSV by their extension.
    public var heatMaps: [String] = []

    /// Nothing is written.
    public init() {}

    /// True when anything is written.
    public var isWanted: Bool { file != nil || crossings != nil || !heatMaps.isEmpty }

    /// Heat maps of an unknown kind, as sentences.
    var contradictions: [String] {
        heatMaps.filter { path in
            !["png", "csv"].contains(path.split(separator: ".").last?.lowercased() ?? "")
        }.map { "A heat map ends in .png or .csv, not \"\($0)\"." }
    }
}

/// A description with counts.
protocol CountingDescription: DetectionDescription {
    var counts: CountsDescription { get set }
}

extension DetectDescription: CountingDescription {}
extension LiveDescription: CountingDescription {}

extension DetectionDescription {
    /// Contradictions between zones and lines, as sentences.
    var placeContradictions: [String] {
        var found: [String] = []
        var names: Set<String> = []
        for name in zones.map(\.name) + lines.map(\.name) where !names.insert(name).inserted {
            found.append("Two zones or lines are called \"\(name)\": give each its own name.")
        }
        if zones.count > 64 { found.append("There are \(zones.count) zones: 64 are the most.") }
        if lines.count > 64 { found.append("There are \(lines.count) lines: 64 are the most.") }
        return found
    }
}

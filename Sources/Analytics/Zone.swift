public import Scene

/// Part of the frame in which objects are counted.
public struct Zone: Hashable, Sendable {
    /// Name: up to 64 letters, digits, `-` and `_`.
    public var name: String
    /// Corners in order, 3 to 64.
    public var points: [FramePoint]
    /// Indices of the classes that count; nil for all.
    public var classes: Set<Int>?
    /// Point of an object's box that is inside or outside.
    public var anchor = Anchor.bottomCenter
    /// Seconds for which an object is seen inside before it enters.
    public var enterAfter = 0.2
    /// Seconds for which an object is seen outside before it leaves.
    public var leaveAfter = 0.6
    /// Seconds after which a visit counts as loitering, for every class without its own value; nil for none.
    public var loiter: Double?
    /// Seconds after which a visit counts as loitering, by class.
    public var loiterOfClass: [Int: Double] = [:]
    /// Indices of the classes whose standing objects also loiter; for other classes the time at rest does not count.
    public var loitersStanding: Set<Int> = []
    /// Number of objects inside that is a crowd; nil for none.
    public var crowd: Int?

    /// Creates a zone with every default.
    public init(name: String, points: [FramePoint]) {
        self.name = name
        self.points = points
    }

    /// True for a class that counts.
    func counts(_ classIndex: Int) -> Bool { classes?.contains(classIndex) ?? true }

    /// Seconds of a visit that make it a loiter; nil for never.
    func loiterTime(of classIndex: Int) -> Double? { loiterOfClass[classIndex] ?? loiter }
}

/// Line across which objects are counted, in two directions.
///
/// Walking from the first point to the last, `in` is from the right side to the left: upwards for a line drawn from left
/// to right.
public struct Line: Hashable, Sendable {
    /// Name: up to 64 letters, digits, `-` and `_`.
    public var name: String
    /// Points in order, 2 to 16.
    public var points: [FramePoint]
    /// Names of the directions.
    public var names: [Direction: String] = [.in: "in", .out: "out"]
    /// Indices of the classes that count; nil for all.
    public var classes: Set<Int>?
    /// Point of an object's box that crosses.
    public var anchor = Anchor.bottomCenter
    /// Distance from the line, as a fraction of the box's shorter side, at which an object is settled on a side.
    public var band = 0.1

    /// Creates a line with every default.
    public init(name: String, points: [FramePoint]) {
        self.name = name
        self.points = points
    }

    /// Name of a direction.
    public func name(of direction: Direction) -> String {
        names[direction] ?? direction.rawValue
    }

    /// True for a class that counts.
    func counts(_ classIndex: Int) -> Bool { classes?.contains(classIndex) ?? true }
}

/// Direction of a crossing.
public enum Direction: String, Hashable, Sendable, CaseIterable {
    /// From the right side of the line to the left.
    case `in`
    /// From the left side of the line to the right.
    case out
}

internal import Glibc
public import Scene

/// Change of a tracked object: its life, a line that it crossed, or a visit to a zone.
public struct ObjectEvent: Sendable, Hashable {
    /// Kind of change.
    public enum Kind: String, Sendable, CaseIterable {
        /// A confirmed object appeared.
        case begin
        /// The object's class changed.
        case change
        /// The object has disappeared, or its camera was lost for longer than the tracker's memory.
        case end
        /// The object crossed a line.
        case cross
        /// The object entered a zone.
        case enter
        /// The object left a zone.
        case leave
        /// The object has stayed in a zone for the zone's time.
        case loiter
        /// The object's entry made as many objects in a zone as are a crowd.
        case crowd
    }

    /// Crossing of a line.
    public struct Crossing: Sendable, Hashable {
        /// Index of the line.
        public var line: Int
        /// Direction of the crossing.
        public var direction: Direction
        /// Horizontal place of the crossing, in pixels.
        public var x: Double
        /// Vertical place of the crossing, in pixels.
        public var y: Double
        /// Horizontal velocity on the crossing step, in pixels a second.
        public var velocityX: Double
        /// Vertical velocity on the crossing step, in pixels a second.
        public var velocityY: Double
        /// True when the track ended before it settled on the other side.
        public var isShort: Bool
        /// Crossings of the line so far, this one included.
        public var total: LineTotal

        /// Direction of motion in degrees clockwise from the upper edge, 0 to 360.
        public var bearing: Double {
            let degrees = atan2(velocityX, -velocityY) * 180 / .pi
            return degrees < 0 ? degrees + 360 : degrees
        }
    }

    /// Visit to a zone.
    public struct Visit: Sendable, Hashable {
        /// Index of the zone.
        public var zone: Int
        /// Seconds from the first observation inside to the last.
        public var dwell: Double
        /// Objects in the zone after the event.
        public var inside: Int
        /// Reason of a `leave` that was not seen; nil for one that was.
        public var reason: Reason?
    }

    /// Reason why a visit ended without an observation outside.
    public enum Reason: String, Sendable, Hashable {
        /// The tracker lost the object.
        case ended
        /// The camera was lost for longer than the tracker's memory.
        case lost
    }

    /// Place of a change, for those at a line or zone.
    public enum Place: Sendable, Hashable {
        /// A crossing of a line.
        case line(Crossing)
        /// A visit to a zone.
        case zone(Visit)
    }

    /// Kind of change.
    public var kind: Kind
    /// Last observation of the object.
    public var object: TrackedObject
    /// Seconds since the object appeared, on the source's clock; 0 for `begin`.
    public var seconds: Double
    /// Seconds from the change to the frame in which it became known, not negative.
    public var delay: Double = 0
    /// Line or zone; nil for the object's life.
    public var place: Place?
    /// True when the object stands still.
    public var isStanding = false

    /// Creates an event of an object's life.
    public init(kind: Kind, object: TrackedObject, seconds: Double) {
        self.kind = kind
        self.object = object
        self.seconds = seconds
    }

    /// The crossing of a `cross`; nil for other kinds.
    public var crossing: Crossing? { if case .line(let crossing) = place { crossing } else { nil } }
    /// The visit of an event at a zone; nil for other kinds.
    public var visit: Visit? { if case .zone(let visit) = place { visit } else { nil } }
}

/// Crossings of a line.
public struct LineTotal: Sendable, Hashable {
    /// Crossings from right to left.
    public var `in` = 0
    /// Crossings from left to right.
    public var out = 0
    /// Steps across the line that were too far for a real object.
    public var jumps = 0

    /// No crossing.
    public init() {}

    /// Crossings in a direction.
    public subscript(direction: Direction) -> Int {
        get { direction == .in ? self.in : out }
        set { if direction == .in { self.in = newValue } else { out = newValue } }
    }
}

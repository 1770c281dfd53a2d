/// Camera as brokers know it: what it counts, and under which names.
public struct PublishedCamera: Sendable, Hashable {
    /// Zone or line.
    public struct Place: Sendable, Hashable {
        /// Name in topics.
        public var name: String
        /// Text for people.
        public var label: String
        /// Names of a line's directions; empty for a zone.
        public var directions: [String]
        /// Names of the classes that count.
        public var classes: [String]

        /// A zone, or a line with two directions.
        public init(name: String, label: String, directions: [String] = [], classes: [String]) {
            (self.name, self.label) = (name, label)
            (self.directions, self.classes) = (directions, classes)
        }
    }

    /// Name in topics.
    public var name: String
    /// Names of the classes that are detected.
    public var classes: [String]
    /// Parts of the frame in which objects are counted.
    public var zones: [Place]
    /// Lines across which objects are counted.
    public var lines: [Place]
    /// True when clips can be requested.
    public var makesClips: Bool

    /// A camera with what it counts.
    public init(
        name: String, classes: [String], zones: [Place] = [], lines: [Place] = [],
        makesClips: Bool = false
    ) {
        (self.name, self.classes, self.makesClips) = (name, classes, makesClips)
        (self.zones, self.lines) = (zones, lines)
    }
}

/// Present counts of a camera.
public struct CameraCounting: Sendable, Hashable {
    /// State of the connection.
    public enum Status: String, Sendable {
        /// Frames arrive.
        case online
        /// No frames arrive.
        case offline
        /// The connection exists, but the newest frame is old.
        case stale
    }

    /// State of the connection.
    public var status: Status
    /// Objects in the newest frame, by class.
    public var objects: [String: Int]
    /// Objects in each zone by class, in the order of the camera's zones.
    public var zones: [[String: Int]]
    /// Crossings of each line by direction and class, in the order of the camera's lines.
    public var lines: [[String: [String: Int]]]

    /// Counts of a camera; none by default.
    public init(
        status: Status = .offline, objects: [String: Int] = [:], zones: [[String: Int]] = [],
        lines: [[String: [String: Int]]] = []
    ) {
        (self.status, self.objects, self.zones, self.lines) = (status, objects, zones, lines)
    }
}

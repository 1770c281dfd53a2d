/// Event on its way into the store.
public struct NewEvent: Sendable {
    /// Place of an event.
    public enum Place: Sendable, Hashable {
        /// Zone, with the seconds of the visit so far.
        case zone(String, dwell: Double)
        /// Line, with the name of the direction.
        case line(String, direction: String)

        var name: String {
            switch self {
            case .zone(let name, _), .line(let name, _): name
            }
        }
    }

    /// Name of the camera.
    public var camera: String
    /// Name of the object's class.
    public var className: String
    /// Kind, such as `begin`.
    public var kind: String
    /// Identity of the object in its run.
    public var track: Int
    /// Milliseconds since 1970.
    public var time: Int
    /// Score of the object, 0 to 1.
    public var score: Double
    /// Left, top, width and height of the box in pixels, as a JSON array.
    public var box: String
    /// Width and height of the frame in pixels; 0 when unknown.
    public var size = (width: 0, height: 0)
    /// Zone or line; nil for events of the object's life.
    public var place: Place?
    /// JSON object as written to the events file.
    public var json: String
    /// File name of the snapshot.
    public var snapshot: String?
    /// Clip as a path in the folder of recordings, without extension.
    public var clip: String?
    /// Small JPEG; kept when the object has none.
    public var picture: [UInt8] = []

    /// An event without place and pictures.
    public init(
        camera: String, className: String, kind: String, track: Int, time: Int, score: Double,
        box: String, json: String
    ) {
        self.camera = camera
        self.className = className
        self.kind = kind
        self.track = track
        self.time = time
        self.score = score
        self.box = box
        self.json = json
    }
}

/// Object in the store: one track.
public struct StoredObject: Sendable, Hashable {
    /// Key.
    public var key: Int
    /// Name of the camera.
    public var camera: String
    /// Identity in its run.
    public var track: Int
    /// Name of the class.
    public var className: String
    /// First time in milliseconds since 1970.
    public var begin: Int
    /// Last time; nil while the object is seen.
    public var end: Int?
    /// Best score, 0 to 1.
    public var score: Double
    /// Box of its first event as a JSON array, in pixels.
    public var box: String
    /// Width of the frame in pixels; 0 when unknown.
    public var width: Int
    /// Height of the frame in pixels; 0 when unknown.
    public var height: Int
    /// File name of the snapshot.
    public var snapshot: String?
    /// Clip as a path in the folder of recordings, without extension.
    public var clip: String?
    /// Seconds of the longest visit to a zone.
    public var dwell: Double
    /// True when the object outlives retention.
    public var isStarred: Bool
    /// True when a person has seen it.
    public var isReviewed: Bool
    /// Text of a person.
    public var note: String
    /// Names of its zones, and of its lines with the direction after a colon.
    public var places: [String] = []
    /// True when the store has a picture of it.
    public var hasPicture = false

    static let columns =
        "o.id,o.camera,o.track,o.class,o.begin,o.end,o.score,o.box,o.width,o.height,o.snapshot,o.clip,o.dwell,"
        + "o.starred,o.reviewed,o.note"

    init(_ row: Row) {
        key = row.integer(0)
        camera = row.text(1)
        track = row.integer(2)
        className = row.text(3)
        begin = row.integer(4)
        end = row.optionalInteger(5)
        score = row.real(6)
        box = row.text(7)
        width = row.integer(8)
        height = row.integer(9)
        snapshot = row.optionalText(10)
        clip = row.optionalText(11)
        dwell = row.real(12)
        isStarred = row.integer(13) != 0
        isReviewed = row.integer(14) != 0
        note = row.text(15)
    }
}

/// Event in the store.
public struct StoredEvent: Sendable, Hashable {
    /// Key.
    public var key: Int
    /// Key of its object.
    public var object: Int
    /// Milliseconds since 1970.
    public var time: Int
    /// Name of the object's class at that time.
    public var className: String
    /// JSON object as written to the events file.
    public var json: String
    /// True when the store has a picture of its object.
    public var hasPicture: Bool
    /// True when its object is starred.
    public var isStarred: Bool
    /// True when a person has seen its object.
    public var isReviewed: Bool
    /// Note of its object.
    public var note: String
}

/// Change of an object by a person.
public enum ObjectChange: Sendable, Hashable {
    case star(Bool)
    case review(Bool)
    case note(String)
    case delete

    /// Longest note in characters.
    public static let longestNote = 1000
}

/// Objects that began in a quarter of an hour.
public struct Tally: Sendable, Hashable {
    /// Milliseconds since 1970.
    public var time: Int
    /// Name of the camera.
    public var camera: String
    /// Name of the class.
    public var className: String
    /// Number of objects.
    public var objects: Int

    /// Milliseconds of a quarter of an hour.
    public static let interval = 900_000
}

/// Everything that one `live` run is told: what a command line and a pipeline file both become.
///
/// A value with defaults, filled through ``LiveSettings`` and ``CameraSettings``; nothing here touches files.
public struct LiveDescription: Sendable, Hashable, WatchDescription {
    /// What is watched, each camera with its own settings.
    public var cameras: [CameraDescription] = []
    /// How cameras are connected to, where they do not say otherwise.
    public var connection = ConnectionDescription()
    /// Which detector looks, where a camera does not say otherwise.
    public var model = ModelChoice()
    /// Which of its claims count, where a camera does not say otherwise.
    public var objects = ObjectChoice()
    /// How identities are kept, where a camera does not say otherwise.
    public var tracking = TrackingDescription()
    /// What is drawn.
    public var overlay = OverlayDescription()
    /// Where the page is served.
    public var page = PageDescription()
    /// What is written down of objects that come and go.
    public var events = EventsDescription()
    /// What is recorded of the cameras.
    public var record = RecordDescription()
    /// Short recordings on demand.
    public var clips = ClipsDescription()
    /// Detectors that work side by side, shared by all cameras; nil for one per core.
    public var detectors: Int?
    /// Seconds after which the run ends; nil for never.
    public var duration: Double?
    /// Say nothing but errors.
    public var isQuiet = false

    /// A description with every default.
    public init() {}

    /// A camera that begins with what is said for all.
    public func newCamera(number: Int) -> CameraDescription {
        var camera = CameraDescription(name: "camera-\(number)")
        camera.connection = connection
        camera.model = model
        camera.objects = objects
        camera.tracking = tracking
        return camera
    }

    /// Contradictions that no single setting shows, in sentences; empty when there are none.
    public var contradictions: [String] {
        var found: [String] = []
        if cameras.isEmpty { found.append("There is nothing to watch: name a camera.") }
        var names: Set<String> = []
        for camera in cameras {
            if camera.source.isEmpty { found.append("Camera \"\(camera.name)\" has no source.") }
            if !names.insert(camera.name).inserted {
                found.append("Two cameras are called \"\(camera.name)\": give each its own name.")
            }
            if camera.tracking.every > 1 && camera.tracking.detectRate != nil {
                found.append(
                    "Camera \"\(camera.name)\": every and detect-fps say the same thing in two ways."
                )
            }
            if camera.credentials.variable != nil && camera.credentials.file != nil {
                found.append(
                    "Camera \"\(camera.name)\": its credentials come from a variable or a file, not both."
                )
            }
        }
        return found + recordingContradictions
    }

    private var recordingContradictions: [String] {
        var found: [String] = []
        for camera in cameras where camera.main != nil {
            if record.folder == nil {
                found.append(
                    "Camera \"\(camera.name)\" has a main address, which is only recorded: give record.folder."
                )
            } else if record.what == .annotated {
                found.append(
                    "Camera \"\(camera.name)\": annotated recordings show what is watched, not its main address: "
                        + "leave main out, or record packets.")
            }
        }
        if record.folder == nil {
            if record.what == .clips || !clips.classes.isEmpty {
                found.append("Clips need a place: give record.folder.")
            }
            if record.keepFor != nil || record.keepSize != nil {
                found.append("There is nothing to keep: give record.folder.")
            }
        }
        let silent = clips.classes.filter {
            !events.classes.isEmpty && !events.classes.contains($0)
        }
        for name in silent {
            found.append("clips.classes: \"\(name)\" makes no event: add it to events.classes.")
        }
        return found
    }
}

/// One camera of a `live` run.
public struct CameraDescription: Sendable, Hashable, WatchDescription {
    /// Its name in the page, metrics, events and file names: letters, digits, `-` and `_`.
    public var name: String
    /// Where it is: an address or a device.
    public var source = ""
    /// A second address of it, whose packets are recorded in place of the source's; nil for one address.
    public var main: String?
    /// Where its user and password are found; never in the description itself.
    public var credentials = CredentialsDescription()
    /// A camera of twice the weight is looked at twice as often when there is not enough for all.
    public var weight = 1.0
    /// How it is connected to.
    public var connection = ConnectionDescription()
    /// Which detector looks at it.
    public var model = ModelChoice()
    /// Which of its claims count.
    public var objects = ObjectChoice()
    /// How identities are kept.
    public var tracking = TrackingDescription()

    /// A camera with every default.
    public init(name: String, source: String = "") {
        self.name = name
        self.source = source
    }
}

/// Where a camera's user and password are found, as `user:password` in one line.
public struct CredentialsDescription: Sendable, Hashable {
    /// The name of an environment variable.
    public var variable: String?
    /// The path of a file.
    public var file: String?
}

/// How a camera is connected to.
public struct ConnectionDescription: Sendable, Hashable {
    /// How an RTSP camera sends its packets.
    public var transport = Transport.automatic
    /// Seconds after which an attempt to connect is given up.
    public var open = 10.0
    /// Seconds after which a connection without a picture is given up.
    public var firstFrame = 10.0
    /// Seconds without a picture after which a connection counts as lost.
    public var silence = 5.0

    /// How an RTSP camera sends its packets.
    public enum Transport: String, Sendable, Hashable, CaseIterable {
        /// TCP; UDP when TCP brings nothing.
        case automatic
        /// Inside the control connection: nothing is lost.
        case tcp
        /// Beside it.
        case udp
    }
}

/// Where the page is served, and what visitors must know.
public struct PageDescription: Sendable, Hashable {
    /// `HOST:PORT`, the host in numbers; nil for no page.
    public var address: String?
    /// An environment variable that holds the token of visitors.
    public var tokenVariable: String?
    /// A file that holds it.
    public var tokenFile: String?
}

/// What is written down of objects that come and go.
public struct EventsDescription: Sendable, Hashable {
    /// A file of lines (NDJSON), to which lines are added; `-` is standard output.
    public var file: String?
    /// A folder for a picture of each event.
    public var snapshots: String?
    /// Pictures that are kept in it; the oldest go.
    public var snapshotLimit = 10_000
    /// A shell's command that is run for each event, with the line on its standard input.
    public var command: String?
    /// Classes whose objects make events; empty for all that are looked for.
    public var classes: [String] = []

    /// Whether anything is to be written or run.
    public var isWanted: Bool { file != nil || snapshots != nil || command != nil }
}

/// What is recorded of the cameras.
public struct RecordDescription: Sendable, Hashable {
    /// A folder, in which each camera has one of its own; nil for no recording.
    public var folder: String?
    /// What files are made of.
    public var what = What.packets
    /// Whether sound is recorded.
    public var sound = true
    /// Whether what was seen is written beside packets, a line of NDJSON a picture.
    public var results = true
    /// Seconds after which a file ends, at the next key picture.
    public var segment = 300.0
    /// Seconds after which a file is removed; nil for never.
    public var keepFor: Double?
    /// Bytes of all files together, above which the oldest are removed; nil for as many as there is room for.
    public var keepSize: Int?

    /// What files are made of.
    public enum What: String, Sendable, Hashable, CaseIterable {
        /// The camera's own packets, untouched.
        case packets
        /// Pictures with what was seen drawn on them, encoded.
        case annotated
        /// Packets as well, but only on demand.
        case clips
    }
}

/// Short recordings on demand, made of the camera's own packets.
public struct ClipsDescription: Sendable, Hashable {
    /// Classes whose coming makes a clip; empty for none.
    public var classes: [String] = []
    /// Seconds before the demand at least.
    public var before = 5.0
    /// Seconds after it.
    public var after = 10.0
}

/// What descriptions of recordings and of cameras have in common.
public protocol WatchDescription: Sendable {
    /// Which detector looks.
    var model: ModelChoice { get set }
    /// Which of its claims count.
    var objects: ObjectChoice { get set }
    /// How identities are kept.
    var tracking: TrackingDescription { get set }
}

extension DetectDescription: WatchDescription {}

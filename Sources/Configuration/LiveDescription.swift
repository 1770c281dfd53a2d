/// Everything that one `live` run is told, by a command line or a pipeline file.
///
/// A value with defaults, filled through ``LiveSettingTable`` and ``CameraSettingTable``; no file is touched.
public struct LiveDescription: CommandDescription, DetectionDescription {
    /// Name of the command.
    public static let command = "live"
    /// All settings of `live`, except those of a single camera.
    public static var settings: [Setting<LiveDescription>] { LiveSettingTable.all }

    /// The cameras, each with its own settings.
    public var cameras: [CameraDescription] = []
    /// Default of the cameras' connections.
    public var connection = ConnectionDescription()
    /// Default of the cameras' detectors.
    public var model = ModelChoice()
    /// Default of the cameras' filters of detections.
    public var objects = DetectionFilter()
    /// Default of the frames on which detectors run.
    public var tracking = TrackingDescription()
    /// Default of the cameras' zones.
    public var zones: [ZoneDescription] = []
    /// Default of the cameras' lines.
    public var lines: [LineDescription] = []
    /// Counts by interval, crossings and heat maps of all cameras.
    public var counts = CountsDescription()
    /// The drawing on frames.
    public var overlay = OverlayDescription()
    /// The page of cameras.
    public var page = PageDescription()
    /// Events of objects that begin, change or end.
    public var events = EventsDescription()
    /// Recordings of the cameras.
    public var record = RecordDescription()
    /// Short recordings on demand.
    public var clips = ClipsDescription()
    /// MQTT broker that receives states and events.
    public var mqtt = MQTTDescription()
    /// Queues of events before brokers and webhooks.
    public var spool = SpoolDescription()
    /// Addresses that receive events by HTTP.
    public var webhooks: [WebhookDescription] = []
    /// Number of detectors, shared by all cameras; nil for one per core.
    public var detectors: Int?
    /// Seconds after which the run ends; nil for never.
    public var duration: Double?
    /// True to print nothing but errors.
    public var isQuiet = false

    /// A description with every default.
    public init() {}

    /// Environment variables that hold credentials, secrets or the page's token.
    public var secretVariables: Set<String> {
        Set(
            cameras.compactMap(\.credentials.variable) + [page.tokenVariable].compactMap { $0 }
                + publishingSecretVariables)
    }

    /// A camera that begins with the settings for all cameras.
    public func newCamera(number: Int) -> CameraDescription {
        var camera = CameraDescription(name: "camera-\(number)")
        camera.connection = connection
        camera.model = model
        camera.objects = objects
        camera.tracking = tracking
        camera.zones = zones
        camera.lines = lines
        return camera
    }

    /// Contradictions between settings, as sentences; empty for a consistent description.
    public var contradictions: [String] {
        var found: [String] = []
        if cameras.isEmpty { found.append("There is nothing to watch: name a camera.") }
        var names: Set<String> = []
        for camera in cameras {
            if camera.source.isEmpty { found.append("Camera \"\(camera.name)\" has no source.") }
            if !names.insert(camera.name).inserted {
                found.append("Two cameras are called \"\(camera.name)\": give each its own name.")
            }
            if let contradiction = camera.tracking.contradiction {
                found.append("Camera \"\(camera.name)\": \(contradiction)")
            }
            if camera.credentials.isAmbiguous {
                found.append(
                    "Camera \"\(camera.name)\": its credentials come from a variable or a file, not both."
                )
            }
        }
        return found + countContradictions + recordingContradictions + publishingContradictions
    }

    private var countContradictions: [String] {
        var found: [String] = []
        for camera in cameras {
            found += camera.placeContradictions.map { "Camera \"\(camera.name)\": \($0)" }
            let places = camera.zones.map(\.name) + camera.lines.map(\.name)
            for name in cameras.map(\.name) where places.contains(name) {
                found.append("A zone or line has the name of the camera \"\(name)\": rename one.")
            }
        }
        found += counts.contradictions
        for path in counts.heatMaps where cameras.count > 1 && !path.contains("{name}") {
            found.append(
                "A heat map holds one camera: put {name} into \(path) so that each gets its own.")
        }
        let isCounted = cameras.contains { !$0.zones.isEmpty || !$0.lines.isEmpty }
        if !isCounted && (counts.file != nil || counts.crossings != nil) {
            found.append("There is nothing to count: give a zone or a line.")
        }
        return found
    }

    private var recordingContradictions: [String] {
        var found: [String] = []
        for camera in cameras where camera.main != nil {
            if record.folder == nil {
                found.append(
                    "Camera \"\(camera.name)\" has a main address, which is used for recording only: give record.folder."
                )
            } else if record.what == .annotated {
                found.append(
                    "Camera \"\(camera.name)\": annotated recordings show the watched stream, not its main address: "
                        + "leave main out, or record packets.")
            }
        }
        if record.folder == nil {
            if record.what == .clips || !clips.classes.isEmpty {
                found.append("Clips need a folder: give record.folder.")
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
public struct CameraDescription: Sendable, Hashable, DetectionDescription {
    /// Its name in the page, metrics, events and file names: letters, digits, `-` and `_`.
    public var name: String
    /// An address or a device.
    public var source = ""
    /// A second address, whose packets are recorded in place of the source's; nil for one address.
    public var main: String?
    /// Location of user and password, which are never part of the description itself.
    public var credentials = CredentialsDescription()
    /// Share of detections when there are not enough for all cameras; twice the weight, twice as many.
    public var weight = 1.0
    /// The connection.
    public var connection = ConnectionDescription()
    /// The detector.
    public var model = ModelChoice()
    /// Filter of detections.
    public var objects = DetectionFilter()
    /// Frames on which the detector runs.
    public var tracking = TrackingDescription()
    /// Parts of the frame in which objects are counted.
    public var zones: [ZoneDescription] = []
    /// Lines across which objects are counted.
    public var lines: [LineDescription] = []

    /// A camera with every default.
    public init(name: String, source: String = "") {
        self.name = name
        self.source = source
    }
}

/// Location of a secret, such as a camera's user and password in one line of the form `user:password`.
public struct CredentialsDescription: Sendable, Hashable {
    /// The name of an environment variable.
    public var variable: String?
    /// The path of a file.
    public var file: String?
}

/// The connection to a camera.
public struct ConnectionDescription: Sendable, Hashable {
    /// Transport of RTSP.
    public var transport = Transport.automatic
    /// Deadline of an attempt to connect, in seconds.
    public var open = 10.0
    /// Deadline of the first frame of a connection, in seconds.
    public var firstFrame = 10.0
    /// Seconds without a frame after which a connection counts as lost.
    public var silence = 5.0
    /// Hosts to which redirects and playlists may lead.
    public var follow = Follow.standard

    /// Hosts to which redirects and playlists may lead.
    public enum Follow: String, Sendable, Hashable, CaseIterable {
        /// The camera's own host.
        case sameHost = "same-host"
        /// RTSP: the camera's own host; HTTP: others too, but none nearer to this machine.
        case standard = "default"
        /// All hosts.
        case any
    }

    /// Transport of RTSP.
    public enum Transport: String, Sendable, Hashable, CaseIterable {
        /// TCP; UDP when TCP does not work.
        case automatic
        /// TCP, inside the control connection, without loss.
        case tcp
        /// UDP, beside the control connection.
        case udp
    }
}

/// Address and access of the page.
public struct PageDescription: Sendable, Hashable {
    /// `HOST:PORT` with a numeric host; nil for no page.
    public var address: String?
    /// Name of an environment variable that holds the token of clients.
    public var tokenVariable: String?
    /// Path of a file that holds the token of clients.
    public var tokenFile: String?
}

/// Events of objects that begin, change or end.
public struct EventsDescription: Sendable, Hashable {
    /// Path of an NDJSON file to which lines are appended; `-` is standard output.
    public var file: String?
    /// Path of a folder for an image of each event.
    public var snapshots: String?
    /// Images kept in it; the oldest are removed.
    public var snapshotLimit = 10_000
    /// Shell command run for each event, with the line on its standard input.
    public var command: String?
    /// Classes whose objects make events; empty for all detected classes.
    public var classes: [String] = []

    /// True when anything is written or run.
    public var isWanted: Bool { file != nil || snapshots != nil || command != nil }
}

/// Recordings of the cameras.
public struct RecordDescription: Sendable, Hashable {
    /// Path of a folder with one subfolder per camera; nil for no recording.
    public var folder: String?
    /// Content of the files.
    public var what = What.packets
    /// True to record audio.
    public var audio = true
    /// True to write results beside packets, a line of NDJSON per frame.
    public var results = true
    /// Seconds after which a file ends, at the next key frame.
    public var segment = 300.0
    /// Seconds after which a file is removed; nil for never.
    public var keepFor: Double?
    /// Limit of all files together in bytes, above which the oldest are removed; nil for none.
    public var keepSize: Int?

    /// Content of the files.
    public enum What: String, Sendable, Hashable, CaseIterable {
        /// The camera's own packets, untouched.
        case packets
        /// Encoded frames with boxes drawn on them.
        case annotated
        /// The camera's own packets, on demand only.
        case clips
    }
}

/// Short recordings on demand, made of the camera's own packets.
public struct ClipsDescription: Sendable, Hashable {
    /// Classes whose objects start a clip when they begin; empty for none.
    public var classes: [String] = []
    /// Seconds before the request, at least.
    public var before = 5.0
    /// Seconds after the request.
    public var after = 10.0
}

/// A description with settings of the connection to cameras.
protocol ConnectedDescription: Sendable {
    var connection: ConnectionDescription { get set }
}

extension LiveDescription: ConnectedDescription {}
extension CameraDescription: ConnectedDescription {}

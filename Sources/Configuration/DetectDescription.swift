public import Scene
public import ThunderNet

/// All inputs of one `detect` run, from a command line or a pipeline file.
///
/// A value with defaults, filled through ``DetectSettingTable``; no file is touched.
public struct DetectDescription: CommandDescription, DetectionDescription {
    /// Name of the command.
    public static let command = "detect"
    /// All settings of `detect`.
    public static var settings: [Setting<DetectDescription>] { DetectSettingTable.all }

    /// Sources, and the part of them that is processed.
    public var input = InputDescription()
    /// The detector.
    public var model = ModelChoice()
    /// Filter of detections.
    public var objects = DetectionFilter()
    /// Frames on which the detector runs.
    public var tracking = TrackingDescription()
    /// The drawing on frames.
    public var overlay = OverlayDescription()
    /// The annotated video.
    public var output = OutputDescription()
    /// Parts of the frame in which objects are counted.
    public var zones: [ZoneDescription] = []
    /// Lines across which objects are counted.
    public var lines: [LineDescription] = []
    /// Counts by interval, crossings and heat maps.
    public var counts = CountsDescription()
    /// Events of objects; only their file and classes apply to recordings.
    public var events = EventsDescription()
    /// Files of results; the format follows the extension, `-` is NDJSON on standard output.
    public var results: [String] = []
    /// True to print nothing but errors.
    public var isQuiet = false

    /// A description with every default.
    public init() {}

    /// Contradictions between settings, as sentences; empty for a consistent description.
    public var contradictions: [String] {
        var found = output.contradictions + placeContradictions + counts.contradictions
        if let contradiction = tracking.contradiction { found.append(contradiction) }
        if !output.video && results.isEmpty && !counts.isWanted && events.file == nil {
            found.append("Without video there is nothing to write: give results a file.")
        }
        if zones.isEmpty && lines.isEmpty && counts.file != nil {
            found.append("There is nothing to count: give a zone or a line.")
        }
        if lines.isEmpty && counts.crossings != nil {
            found.append("There is nothing to cross: give a line.")
        }
        if input.videoStream == .all {
            let paths = results + (output.video ? [output.path ?? ""] : [])
            if paths.contains(where: { !$0.contains("{stream}") }) {
                found.append(
                    "All video streams are written to files of their own: put {stream} into the names of output and results."
                )
            }
            if input.join { found.append("join and all video streams exclude each other.") }
        }
        if output.overwrite && output.skipExisting {
            found.append("overwrite and skip-existing exclude each other: give one.")
        }
        return found
    }
}

/// Settings of detection and tracking that recordings and cameras share.
public protocol DetectionDescription: Sendable {
    /// The detector.
    var model: ModelChoice { get set }
    /// Filter of detections.
    var objects: DetectionFilter { get set }
    /// Frames on which the detector runs.
    var tracking: TrackingDescription { get set }
    /// Parts of the frame in which objects are counted.
    var zones: [ZoneDescription] { get set }
    /// Lines across which objects are counted.
    var lines: [LineDescription] { get set }
}

/// Sources, and the part of them that is processed.
public struct InputDescription: Sendable, Hashable {
    /// Files, folders, patterns, `@lists`, `-`, devices and addresses.
    public var sources: [String] = []
    /// Seconds to skip at the start of each source.
    public var start: Double?
    /// Seconds to process of each source.
    public var duration: Double?
    /// Seconds of wall time after which a live source is left.
    public var liveFor: Double?
    /// Kind of the sources, where address and content are ambiguous.
    public var kind = Kind.auto
    /// Frames per second of a source without timestamps; nil for what its stream states.
    public var rate: Double?
    /// Video stream to watch, of several.
    public var videoStream = VideoStreamChoice.automatic
    /// True to treat all sources as one recording.
    public var join = false
    /// True to deinterlace interlaced frames.
    public var deinterlace = false

    /// Kind of a source.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Decided by address, length, end of playlist and seekability.
        case auto
        /// Camera or stream, whose newest frame counts.
        case live
        /// Recording, read to its end.
        case recording
    }
}

/// Video stream to watch, of several.
public enum VideoStreamChoice: Sendable, Hashable {
    /// The default stream of the source, or the largest.
    case automatic
    /// The stream with this number among the source's video streams, from 1.
    case number(Int)
    /// Each stream, with its own output.
    case all
}

/// The detector: its model, input size, threads and arithmetic.
public struct ModelChoice: Sendable, Hashable {
    /// Model folders and instruction set, set by the program; no setting of pipeline files.
    public var environment = InferenceEnvironment()
    /// A shipped model's name or the path of a model file.
    public var name = "driving"
    /// Size of the network's input in pixels; nil for the model's own.
    public var inputSize: PictureSize?
    /// Scaling of a frame with another aspect ratio; nil for the model's own way.
    public var fit: ImageFit?
    /// Threads of the detector; nil for one per core.
    public var threads: Int?
    /// Arithmetic of the network.
    public var precision = PrecisionChoice.automatic

    /// The shipped driving model with every default.
    public init() {}
}

/// Width and height in pixels.
public struct PictureSize: Sendable, Hashable, CustomStringConvertible {
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int

    /// A size by its sides.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// The size as a command line gives it: `640x352`.
    public var description: String { "\(width)x\(height)" }
}

/// Filter of detections.
public struct DetectionFilter: Sendable, Hashable {
    /// Names of the classes to detect; empty for all.
    public var classes: [String] = []
    /// Lowest score of a detection that may start a track, 0 to 1; nil for the tracker's default.
    public var minScore: Double?
    /// Smallest detections, as a fraction of the frame.
    public var leastSize = ByClass()
    /// Largest detections, as a fraction of the frame.
    public var mostSize = ByClass()
    /// Regions whose detections are discarded.
    public var ignored: [IgnoredRegion] = []
}

/// A region in fractions of the frame, 0 to 1.
public enum IgnoredRegion: Sendable, Hashable, CustomStringConvertible {
    /// A rectangle.
    case rectangle(FractionRectangle)
    /// The corners of a polygon, in order.
    case polygon([FramePoint])

    /// The region as a command line gives it: `0,0.9,1,0.1` or `0,1 0.5,0.6 1,1`.
    public var description: String {
        switch self {
        case .rectangle(let rectangle): rectangle.description
        case .polygon(let points): SettingText.plain(points)
        }
    }
}

/// A rectangle in fractions of the frame, 0 to 1.
public struct FractionRectangle: Sendable, Hashable, CustomStringConvertible {
    /// Left edge.
    public var x: Double
    /// Upper edge.
    public var y: Double
    /// Extent to the right.
    public var width: Double
    /// Extent downwards.
    public var height: Double

    /// The rectangle as a command line gives it: `0,0.9,1,0.1`.
    public var description: String { "\(x),\(y),\(width),\(height)" }
}

/// Frames on which the detector runs; the tracker predicts the others.
public struct TrackingDescription: Sendable, Hashable {
    /// Detect on every n-th frame; 1 for all.
    public var every = 1
    /// Highest number of detections per second of the recording; nil for no limit.
    public var detectRate: Double?

    /// Contradiction of the two choices, as a sentence; nil for none.
    var contradiction: String? {
        every > 1 && detectRate != nil
            ? "every and detect-fps exclude each other: give one." : nil
    }
}

/// The drawing on frames.
public struct OverlayDescription: Sendable, Hashable {
    /// Boxes of objects.
    public var boxes = true
    /// Name, identity and score above each box.
    public var labels = true
    /// The recent path of each object.
    public var traces = false
    /// Rates and counts in a corner.
    public var readout = false
    /// Path of a TrueType or OpenType file; nil for DejaVu Sans.
    public var font: String?
}

/// The annotated video.
public struct OutputDescription: Sendable, Hashable {
    /// A file, or a folder for several sources; nil for `NAME-seen.EXT` in the current folder.
    public var path: String?
    /// True to write annotated video.
    public var video = true
    /// True to replace files that exist.
    public var overwrite = false
    /// True to leave out sources whose output exists.
    public var skipExisting = false
    /// FFmpeg's name of the video encoder.
    public var encoder = "libx264"
    /// The encoder's preset; nil for `veryfast` with x264 and x265.
    public var preset: String?
    /// Constant quality, lower is better; nil for 20 unless a bit rate is given.
    public var crf: Int?
    /// Bits per second; nil for constant quality.
    public var bitrate: Int?
    /// Bit depth and subsampling.
    public var pixelFormat = PixelFormatChoice.standard
    /// Treatment of audio streams.
    public var audio = AudioChoice.auto

    /// Bit depth and subsampling of the output.
    public enum PixelFormatChoice: String, Sendable, Hashable, CaseIterable {
        /// 8-bit 4:2:0, which every player supports.
        case standard = "yuv420p"
        /// Those of the source.
        case source
    }

    /// Treatment of audio streams.
    public enum AudioChoice: String, Sendable, Hashable, CaseIterable {
        /// Copied where the container can hold it, otherwise re-encoded to AAC with a warning.
        case auto
        /// Copied or left out.
        case copy
        /// Left out.
        case none
    }

    /// Contradictions between settings of the encoder, as sentences.
    var contradictions: [String] {
        crf == nil || bitrate == nil
            ? [] : ["Constant quality (crf) and a bit rate exclude each other: give one."]
    }
}

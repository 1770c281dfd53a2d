public import ThunderNet

/// Everything that one `detect` run is told: what a command line and a pipeline file both become.
///
/// A value with defaults, filled through ``DetectSettings``; nothing here touches files.
public struct DetectDescription: Sendable, Hashable {
    /// What is watched.
    public var input = InputDescription()
    /// Which detector looks at it.
    public var model = ModelChoice()
    /// Which of its claims count.
    public var objects = ObjectChoice()
    /// How identities are kept.
    public var tracking = TrackingDescription()
    /// What is drawn.
    public var overlay = OverlayDescription()
    /// What is written.
    public var output = OutputDescription()
    /// Files of results; the form follows the extension, `-` is NDJSON on standard output.
    public var results: [String] = []
    /// Say nothing but errors.
    public var isQuiet = false
    /// What a bench measures.
    public var bench = BenchDescription()

    /// A description with every default.
    public init() {}
}

/// What is watched.
public struct InputDescription: Sendable, Hashable {
    /// Files, folders, patterns, `@lists`, `-`, devices and addresses.
    public var sources: [String] = []
    /// Seconds to skip at the start of each source.
    public var start: Double?
    /// Seconds to process of each source.
    public var duration: Double?
    /// Seconds of wall time after which a live source is left.
    public var liveFor: Double?
    /// Treat all sources as one recording.
    public var join = false
    /// Weave interlaced pictures into whole ones.
    public var deinterlace = false
}

/// Which detector looks at the pictures, and how.
public struct ModelChoice: Sendable, Hashable {
    /// A shipped model's name or the path of a model file.
    public var name = "driving"
    /// Size of the network's input; nil for the model's own.
    public var inputSize: PictureSize?
    /// How a picture of another aspect ratio becomes that size; nil for the model's own way.
    public var fit: PictureFit?
    /// Threads of the detector; nil for one per core.
    public var threads: Int?
    /// The numbers that the network computes with.
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

    /// As it is written on a command line: `640x352`.
    public var description: String { "\(width)x\(height)" }
}

/// Which of the detector's claims count.
public struct ObjectChoice: Sendable, Hashable {
    /// Names of the classes that are wanted; empty for all.
    public var classes: [String] = []
    /// Least score of a detection that may start a track, 0 to 1; nil for the tracker's default.
    public var minScore: Double?
    /// Parts of the picture in which nothing counts.
    public var ignored: [FractionRectangle] = []
}

/// A rectangle in fractions of the picture, 0 to 1.
public struct FractionRectangle: Sendable, Hashable, CustomStringConvertible {
    /// Left edge.
    public var x: Double
    /// Upper edge.
    public var y: Double
    /// Extent to the right.
    public var width: Double
    /// Extent downwards.
    public var height: Double

    /// As it is written on a command line: `0,0.9,1,0.1`.
    public var description: String { "\(x),\(y),\(width),\(height)" }
}

/// How identities are kept.
public struct TrackingDescription: Sendable, Hashable {
    /// Detect on every n-th frame and track in between; 1 detects on all.
    public var every = 1
    /// Detect at most this often a second of the recording, and track in between.
    public var detectRate: Double?
}

/// What is drawn.
public struct OverlayDescription: Sendable, Hashable {
    /// Outlines.
    public var boxes = true
    /// Name, identity and score above each box.
    public var labels = true
    /// The recent path of each object.
    public var traces = false
    /// Rates and counts in a corner.
    public var readout = false
    /// A TrueType or OpenType file; nil for DejaVu Sans.
    public var font: String?
}

/// What is written.
public struct OutputDescription: Sendable, Hashable {
    /// A file, or a folder when there are several sources; nil for `NAME-seen.EXT` in the current folder.
    public var path: String?
    /// Whether annotated video is written at all.
    public var video = true
    /// Replace what exists.
    public var overwrite = false
    /// Leave out sources whose output exists.
    public var skipExisting = false
    /// FFmpeg's name of the video encoder.
    public var encoder = "libx264"
    /// The encoder's preset; nil for `veryfast` with x264 and x265.
    public var preset: String?
    /// Constant quality, lower is better; nil for 20 unless a bit rate is given.
    public var crf: Int?
    /// Bits per second.
    public var bitrate: Int?
    /// Bit depth and subsampling of the output.
    public var pixelFormat = PixelFormatChoice.standard
    /// What happens to sound.
    public var audio = AudioChoice.auto

    /// Bit depth and subsampling of the output.
    public enum PixelFormatChoice: String, Sendable, Hashable, CaseIterable {
        /// 8-bit 4:2:0, which everything plays.
        case standard = "yuv420p"
        /// As the source has it.
        case source
    }

    /// What happens to sound.
    public enum AudioChoice: String, Sendable, Hashable, CaseIterable {
        /// Copied where the container can hold it, otherwise re-encoded to AAC with a warning.
        case auto
        /// Copied or left out.
        case copy
        /// Left out.
        case none
    }
}

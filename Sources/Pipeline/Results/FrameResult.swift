public import Scene

/// Result of one frame: the unit of every results file.
public struct FrameResult: Sendable {
    /// Treatment of a frame that was not dropped.
    public enum Fate: String, Sendable {
        /// The detector ran on it.
        case detected
        /// The tracker predicted its objects.
        case tracked
    }

    /// The source as given by the user, without credentials.
    public var source: String
    /// Index of the frame, from 0.
    public var frame: Int
    /// Presentation timestamp in ticks of the source's time base.
    public var pts: Int64
    /// Seconds in a player's timeline, 0 at the start of the recording.
    public var time: Double
    /// Treatment of the frame.
    public var fate: Fate
    /// True when the decoder reported damage, or the frame depends on one that was lost.
    public var isDamaged: Bool
    /// Tracked objects, by identity.
    public var objects: [TrackedObject]

    /// A result with all its values.
    public init(
        source: String, frame: Int, pts: Int64, time: Double, fate: Fate, isDamaged: Bool,
        objects: [TrackedObject]
    ) {
        self.source = source
        self.frame = frame
        self.pts = pts
        self.time = time
        self.fate = fate
        self.isDamaged = isDamaged
        self.objects = objects
    }
}

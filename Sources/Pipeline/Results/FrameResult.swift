public import Scene

/// What is known of one frame at the end of the line: the unit of every results file.
public struct FrameResult: Sendable {
    /// What happened to a frame that was not dropped.
    public enum Fate: String, Sendable {
        /// The detector looked at it.
        case detected
        /// The tracker carried the objects over.
        case tracked
    }

    /// The source as the user named it.
    public var source: String
    /// Position among the source's frames, from 0.
    public var frame: Int
    /// Presentation stamp in ticks of the source's clock.
    public var pts: Int64
    /// Seconds as a player shows them, 0 at the start of the recording.
    public var time: Double
    /// What happened to it.
    public var fate: Fate
    /// The decoder reported damage.
    public var isDamaged: Bool
    /// What is seen, by identity.
    public var objects: [TrackedObject]

    /// A frame's result by its parts.
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

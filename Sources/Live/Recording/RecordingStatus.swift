/// What there is to say about the recording of one camera at a moment.
public struct RecordingStatus: Sendable, Hashable {
    /// Whether a file grows.
    public enum State: String, Sendable, CaseIterable {
        /// Nothing is to be recorded.
        case off
        /// Nothing comes that could be recorded, or a clip is waited for.
        case waiting
        /// A file grows.
        case recording
        /// Files cannot be written at present; watching goes on, and it is tried again.
        case stopped
    }

    /// Whether a file grows.
    public var state = State.off
    /// Why nothing is recorded, in words; nil while it is.
    public var reason: String?
    /// Bytes written so far.
    public var bytes: Int64 = 0
    /// Finished files, clips among them.
    public var files = 0
    /// Of these, the clips.
    public var clips = 0
    /// Packets and pictures that were left out because the disk, or the encoder, could not keep up.
    public var lost = 0
    /// Seconds that writing is behind what comes; grows while a disk hangs.
    public var delay = 0.0
    /// Writing is so far behind that people should know.
    public var isBehind: Bool { delay > 3 }
    /// The clip that grows, as a path in the folder of recordings.
    public var clip: String?
    /// Recording is stopped for want of space.
    public var isFull = false
}

/// Status of the recording of one camera.
public struct RecordingStatus: Sendable, Hashable {
    /// State of the recording.
    public enum State: String, Sendable, CaseIterable {
        /// The camera is not recorded.
        case off
        /// The camera sends nothing, or no clip is requested.
        case waiting
        /// A file is being written.
        case recording
        /// Files cannot be written at present; the camera is still watched, and writing is tried again.
        case stopped
    }

    /// State of the recording.
    public var state = State.off
    /// Reason why nothing is recorded; nil otherwise.
    public var reason: String?
    /// Bytes written so far.
    public var bytes: Int64 = 0
    /// Finished files, clips included.
    public var files = 0
    /// Finished clips.
    public var clips = 0
    /// Packets and frames that were lost because the disk, or the encoder, could not keep up.
    public var lost = 0
    /// Seconds by which writing lags behind the camera; grows while a disk hangs.
    public var delay = 0.0
    /// True when the lag is long enough to be reported.
    public var isBehind: Bool { delay > 3 }
    /// Clip that is being written, as a path in the folder of recordings.
    public var clip: String?
    /// True when recording is stopped because the disk is full.
    public var isFull = false
}

internal import Configuration
public import Flow
public import Video

/// Snapshot of one camera's status.
public struct CameraStatus: Sendable {
    /// State of the connection.
    public enum State: String, Sendable, CaseIterable {
        /// The first connection is being made.
        case connecting
        /// Frames arrive.
        case watching
        /// The connection broke or failed; it is tried again.
        case lost
    }

    /// Name of the camera.
    public var name: String
    /// Address without credentials.
    public var source: String
    /// State of the connection.
    public var state = State.connecting
    /// Reason why no frames arrive; nil while they do.
    public var reason: String?
    /// Seconds from the loss to the next attempt; nil while connected or before the first loss.
    public var retry: Double?
    /// Transport of an RTSP camera; nil until it is connected, and for other protocols.
    public var transport: ReaderOptions.Transport?
    /// FFmpeg's name of the codec; empty until connected.
    public var codec = ""
    /// Width of the video in pixels; 0 until connected.
    public var width = 0
    /// Height of the video in pixels; 0 until connected.
    public var height = 0
    /// Number of connections that broke.
    public var losses = 0
    /// Number of connections made.
    public var connections = 0
    /// Decoded frames by fate.
    public var counts = FrameCounts()
    /// Frames superseded by a newer one while they waited for a detector; they were tracked.
    public var superseded = 0
    /// Report of the reader, over all connections.
    public var report = ReadReport()
    /// Frames that the decoder skips at present, to keep up.
    public var decoderSkip = DecoderSkip.none
    /// Decoded frames per second of wall time, over the last seconds.
    public var frameRate = 0.0
    /// Detections (frames run through a detector) per second of wall time, over the last seconds.
    public var detectRate = 0.0
    /// Seconds since the packet of the newest tracked frame arrived; nil before the first.
    public var age: Double?
    /// Objects in the newest tracked frame.
    public var objectCount = 0
    /// Objects in the newest tracked frame, by the name of their class; classes without any are absent.
    public var objectsByClass: [String: Int] = [:]
    /// Totals of zones and lines.
    var counting = CountingStatus()
    /// Status of the recording.
    public var recording = RecordingStatus()

    init(name: String, source: String) {
        self.name = name
        self.source = source
    }
}

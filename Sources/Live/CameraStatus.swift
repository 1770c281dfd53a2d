internal import Configuration
public import Flow
public import Video

/// What there is to say about one camera at a moment.
public struct CameraStatus: Sendable {
    /// Whether pictures come.
    public enum State: String, Sendable, CaseIterable {
        /// The first connection is being made.
        case connecting
        /// Pictures come.
        case watching
        /// The connection broke, or could not be made; it is tried again.
        case lost
    }

    /// The camera's name.
    public var name: String
    /// Its address without credentials.
    public var source: String
    /// Whether pictures come.
    public var state = State.connecting
    /// Why none come, in words; nil while they do.
    public var reason: String?
    /// Seconds from the loss to the next attempt; nil while pictures come, or nothing was lost yet.
    public var retry: Double?
    /// RTSP transport; nil until connected, and for other protocols.
    public var transport: ReaderOptions.Transport?
    /// FFmpeg's name of the codec; empty until connected.
    public var codec = ""
    /// Width of the picture in pixels; 0 until connected.
    public var width = 0
    /// Height of the picture in pixels; 0 until connected.
    public var height = 0
    /// Connections that broke.
    public var losses = 0
    /// Connections made.
    public var connections = 0
    /// Every decoded frame's fate.
    public var counts = FrameCounts()
    /// Frames that waited for a detector and were passed over for a newer one; they were tracked.
    public var superseded = 0
    /// What the reader went through, over all connections.
    public var report = ReadReport()
    /// What the decoder leaves out at present, to keep up.
    public var decoderSkip = DecoderSkip.none
    /// Frames decoded a second of wall time, over the last seconds.
    public var frameRate = 0.0
    /// Frames looked at by a detector a second of wall time, over the last seconds.
    public var detectRate = 0.0
    /// Seconds since the packet of the newest tracked picture came; nil before the first.
    public var age: Double?
    /// Objects in the newest tracked picture.
    public var objectCount = 0
    /// What becomes of its recording.
    public var recording = RecordingStatus()

    init(name: String, source: String) {
        self.name = name
        self.source = source
    }
}

/// Options of opening and reading a source.
public struct ReaderOptions: Sendable {
    /// Transport of RTP packets from an RTSP camera.
    public enum Transport: String, Sendable, Hashable, CaseIterable {
        /// Interleaved in the RTSP connection; lossless.
        case tcp
        /// Separate UDP packets; losses are not repaired.
        case udp
    }

    /// Hosts to which redirects and playlists may lead.
    public enum Follow: String, Sendable, Hashable, CaseIterable {
        /// The host of the address only.
        case sameHost = "same-host"
        /// RTSP: the host of the address only. HTTP: other hosts, but never nearer to this machine than the
        /// address itself: not from the internet into a private network, nor from there to this machine.
        case standard = "default"
        /// All hosts. Credentials stay with the host they were given for.
        case any
    }

    /// Items delivered for the video stream.
    public enum VideoOutput: Sendable, Hashable, CaseIterable {
        /// Decoded frames.
        case frames
        /// Each packet, then its decoded frame.
        case framesAndPackets
        /// Packets only; nothing is decoded.
        case packets
    }

    /// Timeouts in seconds.
    public struct Deadlines: Sendable, Hashable {
        /// Time to open the source and find its streams.
        public var open = 15.0
        /// Time from there to the first video packet, and for live sources to the first decoded
        /// frame.
        public var firstFrame = 15.0
        /// Time between video packets; packets of other streams do not count.
        public var betweenPackets = 10.0
        /// Time for teardown, which runs in the background.
        public var close = 2.0

        /// Creates default timeouts.
        public init() {}
    }

    /// Position in seconds of playback at which delivery starts.
    public var start: Double?
    /// Seconds of playback to deliver; nil means all.
    public var duration: Double?
    /// Decoder threads; 0 means one per processor.
    ///
    /// More threads are faster. For intact streams the frames are the same. For damaged H.264 and
    /// similar codecs they are not: concealment then depends on a race between threads, and so does
    /// the detection of damage. One thread is repeatable and adds no delay to a live source.
    public var threads = 1
    /// Items delivered for the video stream.
    public var videoOutput = VideoOutput.frames
    /// Kinds of other streams whose packets are delivered.
    public var packetKinds: Set<StreamDescription.Kind> = []
    /// True to deinterlace, one frame out per frame in.
    public var deinterlace = false
    /// RTSP transports in order of preference.
    ///
    /// ``VideoReader`` uses the first one; readers that reconnect try the next one when one fails.
    /// Other protocols ignore them.
    public var transports: [Transport] = [.tcp, .udp]
    /// Hosts to which redirects and playlists may lead.
    public var follow = Follow.standard
    /// Timeouts; apply to live sources and network addresses only, never to files.
    public var deadlines = Deadlines()
    /// FFmpeg's name of the container format; nil to detect it by content.
    public var format: String?
    /// Options of FFmpeg's demuxer, such as `video_size` for capture devices.
    public var formatOptions: [String: String] = [:]

    /// True to measure the frame rate while opening, if the source does not state it.
    public var measuresRate = true

    /// Kind of the source, where its address and content are ambiguous.
    public var kind = SourceKind.auto
    /// Number of the video stream to decode, from 1; nil for the default or largest one.
    public var videoStream: Int?
    /// Frames per second of a source without timestamps, such as raw H.264; nil for those its
    /// stream states, or 25.
    public var rate: Double?

    /// True to treat the source as live whatever its address.
    var isLive: Bool {
        get { kind == .live }
        set { kind = newValue ? .live : kind }
    }
    /// Size and format of delivered frames; nil for those of the first frame.
    var outputFormat: OutputFormat?
    /// Callback for every packet read, before any processing.
    var onPacket: (@Sendable (PacketInfo) -> Void)?

    /// Creates options that read a whole source, video only.
    public init() {}
}

/// Kind of a source.
public enum SourceKind: String, Sendable, Hashable, CaseIterable {
    /// Decided by address, length, end of playlist and seekability.
    case auto
    /// Camera or stream that cannot be read faster than real time.
    case live
    /// Recording with an end, read as fast as possible.
    case recording
}

/// Frames that a decoder skips when it cannot keep up.
public enum DecoderSkip: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Decodes every frame.
    case none
    /// Skips frames that no other frame references.
    case nonReference = "non-reference"
    /// Decodes key frames only.
    case nonKey = "non-key"

    /// Orders by the number of skipped frames.
    public static func < (left: DecoderSkip, right: DecoderSkip) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Size and FFmpeg pixel format of delivered frames.
struct OutputFormat: Hashable {
    var width: Int
    var height: Int
    var format: Int32?
}

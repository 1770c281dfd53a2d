/// How a source is to be opened and which part of it is wanted.
public struct ReaderOptions: Sendable {
    /// How an RTSP camera sends its packets.
    public enum Transport: String, Sendable, Hashable, CaseIterable {
        /// TCP; a source that is read again and again is asked for UDP when TCP brings nothing.
        case automatic
        /// Inside the control connection: nothing is lost.
        case tcp
        /// Beside it: what is lost stays lost.
        case udp
    }

    /// What becomes of the pictures' packets.
    public enum VideoOutput: Sendable, Hashable, CaseIterable {
        /// They are decoded.
        case frames
        /// They are decoded, and each is delivered before its picture.
        case framesAndPackets
        /// They are delivered, and nothing is decoded.
        case packets
    }

    /// Seconds after which waiting for a source is given up.
    public struct Deadlines: Sendable, Hashable {
        /// From the call to an opened source with known streams.
        public var open = 15.0
        /// From there to the first picture's first packet, and to the first picture of a live source.
        public var firstFrame = 15.0
        /// From one packet of the pictures to the next; other streams do not count.
        public var betweenPackets = 10.0
        /// Of a farewell; nobody waits for it.
        public var close = 2.0

        /// The usual patience.
        public init() {}
    }

    /// Seconds of the recording, as a player counts them, before which nothing is delivered.
    public var start: Double?
    /// Seconds of the recording that are delivered; nil means all.
    public var duration: Double?
    /// Decoder threads, 1 by default; 0 means one per processor.
    ///
    /// More are faster and give the same pictures, except of damaged H.264 and its like: there FFmpeg's threads race
    /// for what a lost piece is filled with, and even for whether it is noticed. One thread always
    /// repeats itself, and delivers a live picture without delay.
    public var threads = 1
    /// What becomes of the pictures' packets.
    public var videoOutput = VideoOutput.frames
    /// The kinds of streams whose packets are delivered beside the pictures.
    public var packetKinds: Set<StreamDescription.Kind> = []
    /// Whether interlaced pictures are made progressive, one for one.
    public var deinterlace = false
    /// How an RTSP camera sends its packets.
    public var transport = Transport.automatic
    /// How long to wait; kept only for live sources and network addresses, files are never late.
    public var deadlines = Deadlines()
    /// FFmpeg's name of the container format, for sources that cannot be recognised; nil means by content.
    public var format: String?
    /// Options of FFmpeg's demuxer, such as `video_size` for cameras.
    public var formatOptions: [String: String] = [:]

    /// Whether opening takes the time to measure the frame rate of a source that does not state it.
    public var measuresRate = true

    /// The source happens while it is read, whatever its address looks like.
    var isLive = false
    /// The look that pictures must have whatever the source delivers; nil means that of its first picture.
    var outputFormat: OutputFormat?
    /// Is told of every packet that is read, before anything is made of it.
    var onPacket: (@Sendable (PacketInfo) -> Void)?

    /// A whole source, pictures only.
    public init() {}
}

/// Which pictures a decoder leaves out when it cannot keep up.
public enum DecoderSkip: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Every picture is decoded.
    case none
    /// Pictures that no other leans on are left out.
    case nonReference = "non-reference"
    /// Only pictures that stand on their own are decoded.
    case nonKey = "non-key"

    /// Orders by what is left out.
    public static func < (left: DecoderSkip, right: DecoderSkip) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Size and FFmpeg's pixel format of delivered pictures.
struct OutputFormat: Hashable {
    var width: Int
    var height: Int
    var format: Int32?
}

/// Behaviour of a pretended camera, faults included.
public struct CameraScript: Sendable {
    /// Transports that clients may request.
    public enum Transport: Sendable {
        /// Interleaved in the RTSP connection.
        case tcp
        /// Separate UDP packets.
        case udp
    }

    /// Variants of the session description.
    public enum Description: Sendable {
        /// Common form.
        case plain
        /// Without parameter sets, which then come with the first key frame only.
        case withoutParameterSets
        /// Bare line feeds, a second track without packets, and unknown attributes.
        case odd
        /// With an audio track that sends no packets.
        case withSilentSound
        /// With an audio track alone, that sends no packets.
        case soundOnly
    }

    /// Fault; frames are counted from 0 in each session.
    public enum Fault: Sendable {
        /// Drops every n-th packet, leaving a gap in the sequence numbers.
        case lose(every: Int)
        /// Swaps every n-th packet with the next.
        case swap(every: Int)
        /// The stream's clock jumps by `seconds`.
        case jump(seconds: Double, frame: Int)
        /// One frame has a timestamp that is wrong by `seconds`.
        case misdate(seconds: Double, frame: Int)
        /// Sends nothing, but answers requests.
        case silence(seconds: Double, frame: Int)
        /// Neither sends nor reads, like a stopped process.
        case freeze(seconds: Double, frame: Int)
        /// Closes the connection, as at the end of a file.
        case disconnect(frame: Int)
        /// Closes the sending direction only; the other stays open and is never read.
        case halfClose(frame: Int)
        /// Sends half a frame and nothing after it.
        case breakOff(frame: Int)
        /// Continues with the other stream: parameter sets change.
        case change(frame: Int)
    }

    /// Frames to send in a loop.
    public var frames: AnnexB
    /// Frames to send after a change.
    public var changed: AnnexB?
    /// Frames per second.
    public var rate = 25.0
    /// Speed of the stream's clock relative to real time.
    public var clockSpeed = 1.0
    /// Greatest random delay of a frame, in seconds.
    public var jitter = 0.0
    /// Index of the frame that each session starts with.
    public var firstFrame = 0
    /// Timestamp of the first frame, in ticks of 90 kHz.
    public var clockStart: UInt32 = 2_000_000
    /// Sequence number of the first packet.
    public var sequenceStart: UInt16 = 700
    /// Transports that are accepted.
    public var transports: Set<Transport> = [.tcp, .udp]
    /// Drops all UDP packets, like a firewall.
    public var losesAllUDP = false
    /// Sets the marker bit on the last packet of a frame.
    public var marks = true
    /// True to ask for the password in clear, not as a digest.
    public var asksInClear = false
    /// User and password for digest authentication.
    public var login: (user: String, password: String)?
    /// Status codes for the requests of a method, such as 454 for `PLAY`.
    public var refusals: [String: Int] = [:]
    /// Status code of `SETUP` for the second track, such as that of a loudspeaker; nil accepts it.
    public var soundRefusal: Int?
    /// Variant of the session description.
    public var description = Description.plain
    /// Wall clock, in seconds since 1970, that sender reports state for the first frame; nil sends
    /// no reports.
    public var wallClock: Double?
    /// Faults.
    public var faults: [Fault] = []

    /// Creates a camera without faults.
    public init(_ frames: AnnexB) { self.frames = frames }
}

/// What a pretended camera does, down to its faults.
public struct CameraScript: Sendable {
    /// How packets may be asked for.
    public enum Transport: Sendable {
        /// Inside the control connection.
        case tcp
        /// Beside it.
        case udp
    }

    /// What the session description looks like.
    public enum Description: Sendable {
        /// As most cameras write it.
        case plain
        /// Without the parameter sets, which then come with the first key frame only.
        case withoutParameterSets
        /// Bare line feeds, a second track without packets, and attributes that nobody knows.
        case odd
        /// With a track of sound that never says anything.
        case withSilentSound
    }

    /// Something that goes wrong; pictures are counted from 0 in every session.
    public enum Fault: Sendable {
        /// Every so many packets one is never sent: a gap in the sequence.
        case lose(every: Int)
        /// Every so many packets two change places.
        case swap(every: Int)
        /// The stream's clock leaps by seconds.
        case jump(seconds: Double, frame: Int)
        /// Nothing is sent, but requests are answered.
        case silence(seconds: Double, frame: Int)
        /// Nothing is sent and nothing is read, as if the process were stopped.
        case freeze(seconds: Double, frame: Int)
        /// The connection is closed, as at the end of a file.
        case disconnect(frame: Int)
        /// Only our direction is closed; the other stays open and is never read.
        case halfClose(frame: Int)
        /// Half of a picture is sent, and nothing after it.
        case breakOff(frame: Int)
        /// Pictures of the other stream follow: parameter sets change.
        case change(frame: Int)
    }

    /// What the camera sees, over and over.
    public var frames: AnnexB
    /// What it sees after a change.
    public var changed: AnnexB?
    /// Pictures a second.
    public var rate = 25.0
    /// How many times faster than ours the stream's clock runs.
    public var clockSpeed = 1.0
    /// Seconds by which pictures leave late, at most, each by a number of its own.
    public var jitter = 0.0
    /// The picture that every session starts with.
    public var firstFrame = 0
    /// The stream's clock at the first picture, in ticks of 90 kHz.
    public var clockStart: UInt32 = 2_000_000
    /// The number of the first packet.
    public var sequenceStart: UInt16 = 700
    /// Ways of sending that are not refused.
    public var transports: Set<Transport> = [.tcp, .udp]
    /// Packets beside the connection get lost, all of them, as behind a bad firewall.
    public var losesAllUDP = false
    /// The last packet of a picture carries a mark.
    public var marks = true
    /// User and password, asked for by digest.
    public var login: (user: String, password: String)?
    /// Status codes that requests of a method are answered with, such as 454 for `PLAY`.
    public var refusals: [String: Int] = [:]
    /// What the session description looks like.
    public var description = Description.plain
    /// The wall clock in seconds since 1970 that sender reports tell for the first picture; nil sends none.
    public var wallClock: Double?
    /// What goes wrong.
    public var faults: [Fault] = []

    /// A camera without faults.
    public init(_ frames: AnnexB) { self.frames = frames }
}

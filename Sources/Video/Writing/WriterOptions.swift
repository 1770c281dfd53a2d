internal import CFFmpeg

/// How the pictures of an output are encoded and what happens to the streams beside them.
public struct WriterOptions: Sendable, Hashable {
    /// How much room the encoder may take.
    public enum Rate: Sendable, Hashable {
        /// Constant quality: the encoder's CRF, lower is better.
        case quality(Double)
        /// An average in bits per second.
        case bitrate(Int)
    }

    /// Which samples the encoder stores.
    public enum PixelPolicy: String, Sendable, Hashable, CaseIterable {
        /// 8-bit 4:2:0, which every player shows.
        case compatible
        /// The source's depth and chroma, where the encoder can.
        case source
    }

    /// What happens to sound.
    public enum AudioPolicy: String, Sendable, Hashable, CaseIterable {
        /// Copied where the container can hold it, else re-encoded to AAC with a notice.
        case auto
        /// Copied where the container can hold it, else left out with a notice.
        case copy
        /// Left out.
        case none
    }

    /// Which moment of the source becomes the output's zero.
    public enum TimeOrigin: Sendable, Hashable {
        /// The source's own zero: every stamp stays what it was.
        case source
        /// This moment, in seconds of the source's clock: for `--start`, and for recordings
        /// whose clock starts far from zero. Stamps before it become negative, never lost.
        case seconds(Double)
    }

    /// FFmpeg's name of the encoder.
    public var encoder = "libx264"
    /// The encoder's preset; ignored, with a notice, by encoders that have none.
    public var preset: String? = "veryfast"
    /// Quality or bit rate.
    public var rate = Rate.quality(20)
    /// Which samples the encoder stores.
    public var pixels = PixelPolicy.compatible
    /// What happens to sound.
    public var audio = AudioPolicy.auto
    /// An existing target may be replaced.
    public var overwrite = false
    /// The file keeps the form in which it grew: nothing is written a second time, and the end comes at once.
    public var staysFragmented = false
    /// Threads of the encoder; 0 leaves the choice to it.
    public var threads = 0
    /// Which moment of the source becomes zero.
    public var timeOrigin = TimeOrigin.source
    /// More sources follow the first, perhaps of another frame rate: the output's clock is made fine enough.
    public var isJoined = false
    /// Entries that replace the source's metadata, such as `title`; an empty text removes one.
    public var metadata: [String: String] = [:]

    /// H.264, `veryfast`, CRF 20, 8-bit 4:2:0, sound copied or re-encoded.
    public init() {}

    /// The clock of an output's pictures: the source's own, where it must, finer by a whole number.
    func clock(of source: SourceDescription) -> Ratio {
        let base = source.streams[source.videoStream].timeBase
        // What broadcasters count in holds 23.976, 25, 29.97, 30, 50 and 60 pictures a second exactly.
        let fine = 90_000
        guard isJoined, base.numerator == 1, base.denominator > 0 else { return base }
        let common = fine / Int(av_gcd(Int64(fine), Int64(base.denominator))) * base.denominator
        return common <= Int(Int32.max) ? Ratio(1, common) : base
    }
}

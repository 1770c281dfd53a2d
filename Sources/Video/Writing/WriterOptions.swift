internal import CFFmpeg

/// Options of encoding video and handling the other streams.
public struct WriterOptions: Sendable, Hashable {
    /// Rate control.
    public enum Rate: Sendable, Hashable {
        /// Constant quality: the encoder's CRF; lower is better.
        case quality(Double)
        /// Average bit rate in bits per second.
        case bitrate(Int)
    }

    /// Permitted ways of writing audio; with none of them audio is dropped.
    public struct AudioHandling: OptionSet, Sendable, Hashable {
        /// Bits of the set.
        public let rawValue: Int

        /// Creates a set from its bits.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Copying, if the container can hold the codec.
        public static let copy = AudioHandling(rawValue: 1)
        /// Re-encoding to AAC; with ``copy`` only if copying is impossible, with a warning.
        public static let reencode = AudioHandling(rawValue: 2)
    }

    /// Source time that becomes the output's zero.
    public enum TimeOrigin: Sendable, Hashable {
        /// Zero of the source's clock: timestamps are unchanged.
        case source
        /// Time in seconds of the source's clock, for parts of a recording and for clocks that
        /// start far from zero. Earlier timestamps become negative and are kept.
        case seconds(Double)
    }

    /// FFmpeg's name of the encoder.
    public var encoder = "libx264"
    /// Preset of the encoder; encoders without presets ignore it with a warning.
    public var preset: String? = "veryfast"
    /// Rate control.
    public var rate = Rate.quality(20)
    /// True to keep bit depth and chroma subsampling, if the encoder supports them; false for 8-bit 4:2:0,
    /// which every player supports.
    public var keepsSourcePixelFormat = false
    /// Permitted ways of writing audio.
    public var audio: AudioHandling = [.copy, .reencode]
    /// True to write the other streams of the source; false for the video alone, when no packets of
    /// the others are read.
    public var writesOtherStreams = true
    /// True to replace an existing target.
    public var overwrite = false
    /// True to leave the file fragmented, which avoids rewriting it at the end.
    public var staysFragmented = false
    /// Encoder threads; 0 for the encoder's choice.
    public var threads = 0
    /// Mode of the file.
    package var mode = FileMode.shared
    /// Source time that becomes zero.
    public var timeOrigin = TimeOrigin.source
    /// True if more sources follow, perhaps with another frame rate; the output gets a finer time
    /// base.
    public var isJoined = false
    /// Entries that replace the source's metadata, such as `title`; an empty value removes one.
    public var metadata: [String: String] = [:]

    /// Creates options for H.264, `veryfast`, CRF 20, 8-bit 4:2:0, audio copied or re-encoded.
    public init() {}

    /// Time base of the output's video: the source's, or a whole fraction of it.
    func clock(of source: SourceDescription) -> Ratio {
        let base = source.streams[source.videoStream].timeBase
        // 1/90000 s represents 23.976, 25, 29.97, 30, 50 and 60 frames per second exactly.
        let fine = 90_000
        guard isJoined, base.numerator == 1, base.denominator > 0 else { return base }
        let common = fine / Int(av_gcd(Int64(fine), Int64(base.denominator))) * base.denominator
        return common <= Int(Int32.max) ? Ratio(1, common) : base
    }
}

internal import CFFmpeg

/// What a source is and what is wrong with it, found by reading it.
public struct SourceProbe: Sendable {
    /// One thing worth knowing, in a sentence.
    public struct Finding: Sendable, Hashable {
        /// How much it matters.
        public enum Weight: String, Sendable {
            /// Good to know.
            case note
            /// Something is wrong, or will surprise.
            case warning
        }

        /// How much it matters.
        public var weight: Weight
        /// What was found.
        public var sentence: String
    }

    /// What the source says of itself.
    public var description: SourceDescription
    /// FFmpeg's name of the video codec's profile, such as `High`; empty when unknown.
    public var profile: String
    /// Primaries, transfer, matrix and range of the first picture in FFmpeg's names, such as `bt709/bt709/bt709/tv`.
    public var color: String
    /// Counts of what happened while it was read.
    public var report: ReadReport
    /// How the pictures lie in time.
    public var timing: Timing
    /// Seconds by which sound begins after the pictures; negative when before, nil without sound.
    public var audioStart: Double?
    /// Seconds by which sound ends after the pictures; nil without sound or when only a part was read.
    public var audioEnd: Double?
    /// True when all of it was read.
    public var isComplete: Bool

    /// How the pictures lie in time, as their stamps say.
    public struct Timing: Sendable, Hashable {
        /// Pictures a second between the first and the last; 0 with fewer than two.
        public var rate = 0.0
        /// The shortest step between two pictures, in seconds.
        public var shortestStep = 0.0
        /// The longest step between two pictures, in seconds.
        public var longestStep = 0.0
        /// True when steps differ by more than a millisecond, one part in twenty and the rounding of the clock.
        public var isVariable = false
        /// The largest number of pictures from one key frame to the next.
        public var longestKeyFrameDistance = 0
        /// Seconds of the first picture's stamp.
        public var first = 0.0
        /// Seconds of the last picture's stamp.
        public var last = 0.0
    }

    /// Reads a source, at most `seconds` of it, and says what it is.
    ///
    /// Throws like ``VideoReader/init(_:options:stop:)``.
    public static func inspect(
        _ source: String, seconds: Double? = nil, options: ReaderOptions = ReaderOptions(),
        stop: @escaping @Sendable () -> Bool = { false }
    ) throws(VideoError) -> SourceProbe {
        var options = options
        options.packetKinds = [.audio]
        options.duration = seconds ?? options.duration
        var reader = try VideoReader(source, options: options, stop: stop)
        var steps = StepCounter()
        var color = ""
        while let item = try reader.next() {
            guard case .frame(let frame) = consume item else { continue }
            if frame.index == 0 { color = frame.colorNames }
            steps.note(frame)
        }
        let description = reader.description
        return SourceProbe(
            description: description,
            profile: description.streams[description.videoStream].profile, color: color,
            report: reader.report, timing: steps.timing,
            audioStart: reader.progress.difference(description, \.first),
            audioEnd: options.duration == nil
                ? reader.progress.difference(description, \.last) : nil,
            isComplete: options.duration == nil)
    }
}

extension StreamDescription {
    /// FFmpeg's name of the codec's profile; empty when unknown.
    var profile: String {
        unsafe text(
            avcodec_profile_name(
                parameters.pointer.pointee.codec_id, parameters.pointer.pointee.profile))
    }
}

extension Frame {
    /// FFmpeg's names of primaries, transfer, matrix and range.
    var colorNames: String {
        let frame = unsafe pointer.pointee
        return unsafe [
            text(av_color_primaries_name(frame.color_primaries)),
            text(av_color_transfer_name(frame.color_trc)),
            text(av_color_space_name(frame.colorspace)),
            text(av_color_range_name(frame.color_range)),
        ].joined(separator: "/")
    }
}

extension StreamProgress {
    /// Seconds from a moment of the pictures to the same moment of the first sound.
    fileprivate func difference(
        _ description: SourceDescription, _ moment: (Span) -> Double?
    ) -> Double? {
        guard let audio = description.streams.firstIndex(where: { $0.kind == .audio }),
            let first = moment(spans[audio]), let video = moment(spans[description.videoStream])
        else { return nil }
        return first - video
    }
}

extension StreamProgress.Span {
    /// The end, once something came.
    fileprivate var last: Double? { end.isFinite ? end : nil }
}

/// Collects steps between pictures as they come; bounded, whatever the length of the source.
private struct StepCounter {
    private var count = 0
    private var first = 0.0
    private var last = 0.0
    private var shortest = Double.infinity
    private var longest = 0.0
    private var tick = 0.0
    private var sinceKey = 0
    private var longestKeyFrameDistance = 0

    mutating func note(_ frame: borrowing Frame) {
        let moment = frame.timestamp.seconds
        if count == 0 {
            first = moment
        } else {
            shortest = min(shortest, moment - last)
            longest = max(longest, moment - last)
        }
        tick = frame.timestamp.timeBase.value
        if frame.isKey {
            longestKeyFrameDistance = max(longestKeyFrameDistance, sinceKey)
            sinceKey = 0
        }
        sinceKey += 1
        last = moment
        count += 1
    }

    var timing: SourceProbe.Timing {
        guard count > 1 else { return SourceProbe.Timing(first: first, last: last) }
        return SourceProbe.Timing(
            rate: Double(count - 1) / (last - first), shortestStep: shortest, longestStep: longest,
            // A step that is not a whole number of ticks comes out one tick long or short, and
            // nobody sees a millisecond, or one part in twenty.
            isVariable: longest - shortest > max(1.5 * tick, 1e-3, 0.05 * longest),
            longestKeyFrameDistance: max(longestKeyFrameDistance, sinceKey), first: first,
            last: last)
    }
}

internal import CFFmpeg

/// Description of a recording and its defects, found by reading it.
public struct SourceProbe: Sendable {
    /// Finding in one sentence.
    public struct Finding: Sendable, Hashable {
        /// Severity.
        public enum Weight: String, Sendable {
            /// Note.
            case note
            /// Defect or surprise.
            case warning
        }

        /// Severity.
        public var weight: Weight
        /// Text of the finding.
        public var sentence: String
    }

    /// Description of the source.
    public var description: SourceDescription
    /// FFmpeg's name of the video codec's profile, such as `High`; empty if unknown.
    public var profile: String
    /// Primaries, transfer, matrix and range of the first frame in FFmpeg's names, such as
    /// `bt709/bt709/bt709/tv`.
    public var color: String
    /// Counts of errors and repairs.
    public var report: ReadReport
    /// Timing of the frames.
    public var timing: Timing
    /// Seconds by which audio starts after video, negative if before; nil without audio.
    public var audioStart: Double?
    /// Seconds by which audio ends after video; nil without audio or if only a part was read.
    public var audioEnd: Double?
    /// True if the whole source was read.
    public var isComplete: Bool

    /// Timing of frames by their timestamps.
    public struct Timing: Sendable, Hashable {
        /// Frames per second between the first and the last; 0 for fewer than two.
        public var rate = 0.0
        /// Shortest interval between frames, in seconds.
        public var shortestStep = 0.0
        /// Longest interval between frames, in seconds.
        public var longestStep = 0.0
        /// True for a variable frame rate: intervals differ by more than 1 ms, 5 % and the rounding
        /// of the clock.
        public var isVariable = false
        /// Largest distance between key frames, in frames.
        public var longestKeyFrameDistance = 0
        /// Timestamp of the first frame in seconds.
        public var first = 0.0
        /// Timestamp of the last frame in seconds.
        public var last = 0.0
    }

    /// Reads a source, at most `seconds` of it, and describes it.
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
    /// FFmpeg's name of the codec's profile; empty if unknown.
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
    /// Seconds from a time of the video stream to the same time of the first audio stream.
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
    /// End; nil if no packet arrived.
    fileprivate var last: Double? { end.isFinite ? end : nil }
}

/// Collects intervals between frames in constant memory.
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
            // An interval that is not a whole number of ticks is rounded up or down by one, and 1
            // ms or 5 % is invisible.
            isVariable: longest - shortest > max(1.5 * tick, 1e-3, 0.05 * longest),
            longestKeyFrameDistance: max(longestKeyFrameDistance, sinceKey), first: first,
            last: last)
    }
}

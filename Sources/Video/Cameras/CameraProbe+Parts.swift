extension CameraProbe {
    /// Result of watching the camera over one transport.
    public struct TransportAttempt: Sendable, Hashable {
        /// TCP or UDP; nil for protocols other than RTSP.
        public var transport: ReaderOptions.Transport?
        /// Seconds from the start of the attempt to the first frame; nil if none arrived.
        public var firstFrame: Double?
        /// Error message without credentials; nil if the transport works.
        public var failure: String?
        /// RTP packets that never arrived.
        public var missedPackets: Int
        /// RTP packets that arrived too late to be used.
        public var latePackets: Int
    }

    /// Start-up times in seconds, counted from the start of the attempt.
    public struct Opening: Sendable, Hashable {
        /// Time until the streams were known.
        public var streamsKnown = 0.0
        /// Time until the first key frame; nil if none arrived.
        public var firstKeyFrame: Double?
        /// Time until the first decoded frame; nil if there was none.
        public var firstFrame: Double?
    }

    /// Statistics of the intervals between consecutive times, in seconds.
    public struct Steps: Sendable, Hashable {
        /// Number of intervals.
        public var count = 0
        /// Frames per second: the inverse of the mean interval.
        public var rate = 0.0
        /// Shortest interval; negative if the times are out of order.
        public var shortest = 0.0
        /// Median interval.
        public var median = 0.0
        /// 99th percentile; nil for fewer than 100 intervals.
        public var percentile99: Double?
        /// Longest interval.
        public var longest = 0.0
        /// Mean absolute deviation from the median.
        public var jitter = 0.0
    }

    /// Key frame distances.
    public struct KeyFrames: Sendable, Hashable {
        /// Number of key frames received.
        public var count = 0
        /// Largest distance between two key frames, in frames; nil for fewer than two key frames.
        public var frames: Int?
        /// Largest distance between two key frames, in seconds; nil for fewer than two key frames.
        public var seconds: Double?
        /// Seconds since the last key frame, or since the start if there was none.
        public var secondsWithout = 0.0
    }

    /// Order of the packets' timestamps before any repair.
    public struct TimestampOrder: Sendable, Hashable {
        /// Reorder depth: most frames sent before a frame that is shown earlier; 0 without
        /// B-frames.
        public var reordering = 0
        /// Largest delay, in seconds, by which a frame is sent after one that is shown later.
        ///
        /// Reordering delays every frame by this much.
        public var delay = 0.0
        /// Frames whose timestamp equals that of the frame before, in sending order.
        public var repeated = 0
    }

    /// The camera's clocks compared with this machine's.
    public struct Clock: Sendable, Hashable {
        /// Seconds by which the camera's wall clock is ahead of this machine's, including
        /// transmission delay; nil without RTCP sender reports.
        public var wallOffset: Double?
        /// Drift of the camera's timestamps against this machine's clock; nil if the run was too
        /// short to tell.
        public var drift: Drift?
    }

    /// Difference in rate between two clocks.
    public struct Drift: Sendable, Hashable {
        /// Parts per million; positive if the camera's clock is fast.
        public var partsPerMillion: Double
        /// Three standard errors, in parts per million.
        public var uncertainty: Double
    }

    /// Amount of video data.
    public struct Volume: Sendable, Hashable {
        /// Video bits per second.
        public var bitRate = 0.0
        /// Size of the largest frame in bytes.
        public var largestFrame = 0
    }

    /// Audio stream of the camera.
    public struct AudioStream: Sendable, Hashable {
        /// FFmpeg's codec name.
        public var codec: String
        /// Sample rate in Hz; 0 if unknown.
        public var sampleRate: Int
        /// Number of channels; 0 if unknown.
        public var channels: Int
        /// Packets received while the camera was watched.
        public var packets: Int
    }
}

extension CameraProbe.Steps {
    /// Computes the intervals within each run of times; the distance from one run to the next does
    /// not count.
    init(of runs: [[Double]]) {
        let steps = runs.flatMap { run in zip(run, run.dropFirst()).map { $1 - $0 } }.sorted()
        guard let first = steps.first, let last = steps.last else { return }
        let sum = steps.reduce(0, +)
        count = steps.count
        rate = sum > 0 ? Double(count) / sum : 0
        (shortest, longest) = (first, last)
        let median = steps[count / 2]
        self.median = median
        percentile99 = count >= 100 ? steps[count * 99 / 100] : nil
        jitter = steps.reduce(0) { $0 + abs($1 - median) } / Double(count)
    }
}

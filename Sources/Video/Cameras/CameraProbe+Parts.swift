extension CameraProbe {
    /// A way of sending, and whether it works.
    public struct TransportAttempt: Sendable, Hashable {
        /// TCP or UDP; `automatic` for sources that have no choice.
        public var transport: ReaderOptions.Transport
        /// Seconds from asking to the first picture; nil when none came.
        public var firstFrame: Double?
        /// Why it does not work, in words, without credentials.
        public var failure: String?
        /// Packets of the network that never came.
        public var missedPackets: Int
        /// Packets of the network that came too late to be used.
        public var latePackets: Int
    }

    /// How long it took until something was to be seen, in seconds from asking.
    public struct Opening: Sendable, Hashable {
        /// Until the streams were known.
        public var streamsKnown = 0.0
        /// Until the first key frame; nil when none came.
        public var firstKeyFrame: Double?
        /// Until the first picture; nil when none came.
        public var firstFrame: Double?
    }

    /// Steps between moments that follow one another, in seconds.
    public struct Steps: Sendable, Hashable {
        /// How many there are.
        public var count = 0
        /// Moments a second.
        public var rate = 0.0
        /// The shortest step; below zero where the order is not that of time.
        public var shortest = 0.0
        /// Half of the steps are no longer.
        public var median = 0.0
        /// 99 of 100 steps are no longer; nil below 100 steps.
        public var percentile99: Double?
        /// The longest step.
        public var longest = 0.0
        /// How far a step is from the median, on average.
        public var jitter = 0.0
    }

    /// How far key frames are apart.
    public struct KeyFrames: Sendable, Hashable {
        /// How many came.
        public var count = 0
        /// The largest number of pictures from one to the next; nil with fewer than two.
        public var frames: Int?
        /// The longest time from one to the next, in seconds; nil with fewer than two.
        public var seconds: Double?
        /// Seconds without one at the end, or from the beginning where none came.
        public var secondsWithout = 0.0
    }

    /// What the stamps of packets look like before anything is repaired.
    public struct TimestampOrder: Sendable, Hashable {
        /// How many pictures are sent before one that is shown earlier: 0 without B-frames.
        public var reordering = 0
        /// Seconds by which a picture is sent after one that is shown later, at most: every picture is seen so
        /// much later than it could be.
        public var delay = 0.0
        /// Pictures with the stamp of the one sent before.
        public var repeated = 0
    }

    /// The camera's clocks beside ours.
    public struct Clock: Sendable, Hashable {
        /// Seconds by which the camera's wall clock is ahead of ours, the way of the pictures included; nil where
        /// the camera does not tell it (by RTCP sender reports).
        public var wallOffset: Double?
        /// How much faster its stamps run than our clock; nil where too little came to tell.
        public var drift: Drift?
    }

    /// A difference in speed of two clocks.
    public struct Drift: Sendable, Hashable {
        /// Parts in a million; positive when the camera's clock is the faster.
        public var partsPerMillion: Double
        /// Three standard errors of that number.
        public var uncertainty: Double
    }

    /// How much is sent.
    public struct Volume: Sendable, Hashable {
        /// Bits of pictures a second.
        public var bitRate = 0.0
        /// Bytes of the largest picture.
        public var largestFrame = 0
    }

    /// A stream of sound.
    public struct AudioStream: Sendable, Hashable {
        /// FFmpeg's name of its codec.
        public var codec: String
        /// Samples a second; 0 when unknown.
        public var sampleRate: Int
        /// Channels; 0 when unknown.
        public var channels: Int
        /// Packets that came while the camera was watched.
        public var packets: Int
    }
}

extension CameraProbe.Steps {
    /// The steps within each run of moments; from one run to the next there is none.
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

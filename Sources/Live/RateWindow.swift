/// Decoded and detected frames per second, over the last few samples of the counts.
struct RateWindow: Sendable {
    private struct Sample {
        var decoded: Int
        var detected: Int
        var at: UInt64
    }

    private var samples: [Sample] = []
    private static let length = 6

    /// Adds the counts at a time in nanoseconds.
    mutating func add(decoded: Int, detected: Int, at now: UInt64) {
        samples.append(Sample(decoded: decoded, detected: detected, at: now))
        if samples.count > Self.length { samples.removeFirst() }
    }

    /// Frames per second; zero before the second sample.
    var rates: (decoded: Double, detected: Double) {
        guard let first = samples.first, let last = samples.last, last.at > first.at else {
            return (0, 0)
        }
        let seconds = Double(last.at - first.at) / 1e9
        return (
            Double(last.decoded - first.decoded) / seconds,
            Double(last.detected - first.detected) / seconds
        )
    }
}

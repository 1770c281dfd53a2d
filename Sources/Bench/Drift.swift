internal import Pipeline
internal import ThunderNet

/// Change of the processor's speed during a measurement.
public struct Drift: Sendable, Hashable {
    /// Times at the end compared with those at the start; nil for too few samples.
    let times: Shift?
    /// Peak multiply-add rate after the measurement compared with the one before.
    let limit: Shift?

    /// Blocks per third of the samples; the medians of the blocks give the noise.
    private static let blocks = 4
    private static let leastOfBlock = 3

    /// Compares measurements, given in the order of time.
    ///
    /// - Parameters:
    ///   - samples: Times of the same work, in any unit.
    ///   - period: Number of samples after which the work repeats; a third must hold a whole period.
    ///   - before: Peak multiply-add rates before the measurement.
    ///   - after: Peak multiply-add rates after the measurement.
    init(_ samples: [Double], period: Int = 1, limits before: [Double], _ after: [Double]) {
        let medians = Self.medians(samples, period)
        times = Shift(
            from: Array(medians.prefix(Self.blocks)), to: Array(medians.suffix(Self.blocks)))
        limit = Shift(from: before, to: after)
    }

    /// Medians of all blocks; empty for too few samples.
    private static func medians(_ samples: [Double], _ period: Int) -> [Double] {
        let count = 3 * blocks
        guard samples.count >= max(count * leastOfBlock, 3 * period) else { return [] }
        return (0..<count).map { block in
            let end = samples.count * (block + 1) / count
            return Array(samples[samples.count * block / count..<end]).sortedMedian
        }
    }

    /// Ratio of the time at the end to that at the start; above 1 for a processor that slowed down.
    ///
    /// Taken from the peak rate for too few samples; nil where that is unknown too.
    public var ratio: Double? { times?.ratio ?? limit.map { 1 / $0.ratio } }

    /// True when the ratio differs from 1 by more than noise.
    public var isBeyondNoise: Bool { (times ?? limit)?.isBeyondNoise ?? false }

    /// A warning for people; nil for a steady run.
    var warning: String? {
        guard isBeyondNoise else { return nil }
        guard let times else { return "warning: the processor changed its speed: \(limitText)" }
        let percent = DecimalText.text(abs(times.ratio - 1) * 100, decimals: 0)
        let change =
            "the same work took \(percent) % \(times.ratio > 1 ? "longer" : "less time") at the end"
            + " than at the start"
        let isClock = limit.map { $0.isBeyondNoise && ($0.ratio < 1) == (times.ratio > 1) } ?? false
        return isClock
            ? "warning: the processor changed its speed: \(change), and \(limitText)"
            : "warning: \(change), but \(limitText): other work used the processor"
    }

    private var limitText: String {
        guard let limit else { return "its peak rate is unknown" }
        let ends = [limit.first, limit.last].map { DecimalText.text($0, decimals: 0) }
        let course =
            limit.isBeyondNoise ? "went from \(ends[0]) to \(ends[1])" : "stayed at \(ends[1])"
        return "the peak multiply-add rate in float32 \(course) GFLOP/s"
    }

    /// Adds the change to a report.
    func add(to object: inout JSONObject) {
        object.add("drift", ratio)
        object.addRaw("drift_beyond_noise", isBeyondNoise ? "true" : "false")
        if let limit {
            object.add("float32_limit_before_gflops", limit.first)
            object.add("float32_limit_after_gflops", limit.last)
        }
    }
}

/// Comparison of two groups of the same measurement.
struct Shift: Sendable, Hashable {
    /// Medians of the earlier and the later group.
    let first: Double, last: Double
    /// Noise band as a share: the sum of half the span of each group.
    let band: Double

    /// Smallest noise band: other work on the machine changes times by this much.
    private static let leastBand = 0.05

    /// Compares two groups; nil where one is empty or its median is zero.
    init?(from first: [Double], to last: [Double]) {
        let groups = [first, last].map { BenchMetric.noiseAndMedian($0) }
        guard let before = groups[0], let after = groups[1] else { return nil }
        self.first = before.median
        self.last = after.median
        band = max(Self.leastBand, before.noise + after.noise)
    }

    /// Ratio of the later median to the earlier one.
    var ratio: Double { last / first }

    /// True when the medians differ by more than noise.
    var isBeyondNoise: Bool { abs(ratio - 1) > band }
}

extension BenchMetric {
    /// Median and noise of values; nil for a median of zero.
    fileprivate static func noiseAndMedian(_ values: [Double]) -> (median: Double, noise: Double)? {
        guard !values.isEmpty else { return nil }
        let metric = BenchMetric("", values, isLowerBetter: true)
        return metric.median > 0 ? (metric.median, metric.noise ?? 0) : nil
    }
}

/// Measurement of the processor's peak rate before and after a benchmark.
struct SpeedWatch {
    private let environment: InferenceEnvironment
    private let threads: Int
    private let before: [Double]

    /// Measures the peak multiply-add rate; takes a tenth of a second.
    init(_ environment: InferenceEnvironment, threads: Int) {
        self.environment = environment
        self.threads = threads
        before = (0..<5).map { _ in environment.multiplyAddLimit(threads: threads) }
    }

    /// Measures the peak rate again and compares the samples taken in between.
    func drift(_ samples: [Double], period: Int = 1) -> Drift {
        let after = (0..<5).map { _ in environment.multiplyAddLimit(threads: threads) }
        return Drift(samples, period: period, limits: before, after)
    }
}

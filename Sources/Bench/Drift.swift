internal import Pipeline
internal import ThunderNet

/// Whether the processor changed its speed while something was measured.
public struct Drift: Sendable, Hashable {
    /// Times at the end, held against those at the start; nil where there are too few.
    let times: Shift?
    /// The multiply-add limit after measuring, held against the one before.
    let limit: Shift?

    /// Each third of the samples is cut into as many blocks, whose medians tell what is noise.
    private static let blocks = 4
    private static let leastOfBlock = 3

    /// Looks at measurements in the order in which they were taken.
    ///
    /// - Parameters:
    ///   - samples: Times of the same work, in any unit.
    ///   - period: After how many of them the work repeats itself; a third must hold a whole period.
    ///   - before: The multiply-add limit before them, several times.
    ///   - after: The limit after them.
    init(_ samples: [Double], period: Int = 1, limits before: [Double], _ after: [Double]) {
        let medians = Self.medians(samples, period)
        times = Shift(
            from: Array(medians.prefix(Self.blocks)), to: Array(medians.suffix(Self.blocks)))
        limit = Shift(from: before, to: after)
    }

    /// The medians of all blocks; none of too few samples.
    private static func medians(_ samples: [Double], _ period: Int) -> [Double] {
        let count = 3 * blocks
        guard samples.count >= max(count * leastOfBlock, 3 * period) else { return [] }
        return (0..<count).map { block in
            let end = samples.count * (block + 1) / count
            return Array(samples[samples.count * block / count..<end]).sortedMedian
        }
    }

    /// Time at the end over time at the start: above 1 for a processor that became slower.
    ///
    /// Taken from the limit where there are too few samples; nil where that is not known either.
    public var ratio: Double? { times?.ratio ?? limit.map { 1 / $0.ratio } }

    /// Whether the ratio is beyond what is noise.
    public var isBeyondNoise: Bool { (times ?? limit)?.isBeyondNoise ?? false }

    /// A sentence for people; nil on a steady run.
    var warning: String? {
        guard isBeyondNoise else { return nil }
        guard let times else { return "careful: the processor changed its speed: \(limitText)" }
        let percent = DecimalText.text(abs(times.ratio - 1) * 100, decimals: 0)
        let change =
            "the same work took \(percent) % \(times.ratio > 1 ? "longer" : "less time") at the end"
            + " than at the start"
        let isClock = limit.map { $0.isBeyondNoise && ($0.ratio < 1) == (times.ratio > 1) } ?? false
        return isClock
            ? "careful: the processor changed its speed: \(change), and \(limitText)"
            : "careful: \(change), though \(limitText): other work took the processor's time"
    }

    private var limitText: String {
        guard let limit else { return "its limit is not known" }
        let ends = [limit.first, limit.last].map { DecimalText.text($0, decimals: 0) }
        let course =
            limit.isBeyondNoise ? "went from \(ends[0]) to \(ends[1])" : "held still at \(ends[1])"
        return "the multiply-add limit in float32 \(course) GFLOP/s"
    }

    /// Adds the figures to a report.
    func add(to object: inout JSONObject) {
        object.add("drift", ratio)
        object.addRaw("drift_beyond_noise", isBeyondNoise ? "true" : "false")
        if let limit {
            object.add("float32_limit_before_gflops", limit.first)
            object.add("float32_limit_after_gflops", limit.last)
        }
    }
}

/// A group of measurements held against a later one of the same.
struct Shift: Sendable, Hashable {
    /// The medians of both.
    let first: Double, last: Double
    /// What counts as noise, as a share: half of what each group spans, together.
    let band: Double

    /// Less than this nobody can tell from a neighbour who comes and goes.
    private static let leastBand = 0.05

    /// Nil where a group is empty, or zero.
    init?(from first: [Double], to last: [Double]) {
        let groups = [first, last].map { BenchMetric.noiseAndMedian($0) }
        guard let before = groups[0], let after = groups[1] else { return nil }
        self.first = before.median
        self.last = after.median
        band = max(Self.leastBand, before.noise + after.noise)
    }

    /// The later over the earlier.
    var ratio: Double { last / first }

    /// Whether they differ by more than noise.
    var isBeyondNoise: Bool { abs(ratio - 1) > band }
}

extension BenchMetric {
    /// Median and noise of values; nil where there is no median above zero.
    fileprivate static func noiseAndMedian(_ values: [Double]) -> (median: Double, noise: Double)? {
        guard !values.isEmpty else { return nil }
        let metric = BenchMetric("", values, isLowerBetter: true)
        return metric.median > 0 ? (metric.median, metric.noise ?? 0) : nil
    }
}

/// Watches the processor's speed from before a measurement until after it.
struct SpeedWatch {
    private let environment: InferenceEnvironment
    private let threads: Int
    private let before: [Double]

    /// Measures the multiply-add limit; takes a tenth of a second.
    init(_ environment: InferenceEnvironment, threads: Int) {
        self.environment = environment
        self.threads = threads
        before = (0..<5).map { _ in environment.multiplyAddLimit(threads: threads) }
    }

    /// Measures the limit once more and looks at what was measured in between.
    func drift(_ samples: [Double], period: Int = 1) -> Drift {
        let after = (0..<5).map { _ in environment.multiplyAddLimit(threads: threads) }
        return Drift(samples, period: period, limits: before, after)
    }
}

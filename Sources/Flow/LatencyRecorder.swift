import Glibc
import Histogram

/// Share of samples below a value, such as 0.99 for the 99th percentile.
public struct Percentile: Hashable, Sendable, CustomStringConvertible {
    /// Share between 0 and 1, both excluded.
    public let share: Double

    /// Creates a percentile from its share.
    public init(share: Double) {
        precondition(share > 0 && share < 1, "a share lies between 0 and 1")
        self.share = share
    }

    /// 50th percentile, the median.
    public static let p50 = Percentile(share: 0.5)
    /// 90th percentile.
    public static let p90 = Percentile(share: 0.9)
    /// 95th percentile.
    public static let p95 = Percentile(share: 0.95)
    /// 99th percentile.
    public static let p99 = Percentile(share: 0.99)
    /// 99.9th percentile.
    public static let p999 = Percentile(share: 0.999)

    /// Name such as "p99" or "p99.9".
    public var description: String {
        let tenths = Int((share * 1000).rounded())
        return tenths % 10 == 0 ? "p\(tenths / 10)" : "p\(tenths / 10).\(tenths % 10)"
    }

    /// Smallest number of samples for which this percentile may be stated.
    ///
    /// From MLPerf's early stopping with tolerance 0 and confidence 0.99: the smallest number for
    /// which at most one sample above the percentile's true value has a probability of at most
    /// 0.01.
    public var minimumSamples: Int {
        var count = 1
        while chanceOfOneAbove(count) > 0.01 { count += 1 }
        return count
    }

    /// Probability that at most one of `count` samples is above the percentile's true value.
    private func chanceOfOneAbove(_ count: Int) -> Double {
        let samples = Double(count)
        return pow(share, samples) + samples * (1 - share) * pow(share, samples - 1)
    }
}

/// Histogram of durations in nanoseconds, with three significant digits.
///
/// A value that one thread owns and fills; merge those of several threads at the end. Recording
/// allocates nothing.
public struct LatencyRecorder: Sendable {
    /// Longest duration that is distinguished from longer ones: one hour.
    public static let longest: UInt64 = 3_600_000_000_000

    private var histogram = Histogram<UInt32>(
        lowestDiscernibleValue: 1, highestTrackableValue: longest,
        numberOfSignificantValueDigits: .three)
    private var sum = 0.0

    /// Number of samples.
    public private(set) var count = 0
    /// Shortest duration in nanoseconds; nil without samples.
    public private(set) var minimum: UInt64?
    /// Longest duration in nanoseconds; nil without samples.
    public private(set) var maximum: UInt64?

    /// Creates a recorder without samples.
    public init() {}

    /// Records a duration in nanoseconds.
    public mutating func record(_ nanoseconds: UInt64) {
        histogram.record(min(nanoseconds, Self.longest))
        sum += Double(nanoseconds)
        count += 1
        minimum = min(minimum ?? nanoseconds, nanoseconds)
        maximum = max(maximum ?? nanoseconds, nanoseconds)
    }

    /// Records the duration of `body`.
    public mutating func measure<Result: ~Copyable, Failure: Error>(
        with clock: MonotonicClock, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = clock.now
        let result = try body()
        record(clock.now - start)
        return result
    }

    /// Adds another recorder's samples.
    public mutating func merge(_ other: LatencyRecorder) {
        guard let least = other.minimum, let most = other.maximum else { return }
        histogram.add(other.histogram)
        sum += other.sum
        count += other.count
        minimum = min(minimum ?? least, least)
        maximum = max(maximum ?? most, most)
    }

    /// Mean in nanoseconds; nil without samples.
    public var mean: Double? { count == 0 ? nil : sum / Double(count) }

    /// Number of samples up to a duration, with the histogram's precision.
    public func count(upTo nanoseconds: UInt64) -> Int {
        nanoseconds >= Self.longest ? count : Int(histogram.count(within: 0...nanoseconds))
    }

    /// Percentile in nanoseconds; nil when there are too few samples to state it.
    public func value(at percentile: Percentile) -> UInt64? {
        guard count >= percentile.minimumSamples else { return nil }
        return histogram.valueAtPercentile(percentile.share * 100)
    }

    /// Percentile in milliseconds as text, or "n too small".
    public func text(at percentile: Percentile) -> String {
        guard let nanoseconds = value(at: percentile) else { return "n too small" }
        return milliseconds(nanoseconds)
    }
}

extension LatencyRecorder: CustomStringConvertible {
    /// Count, extremes and the usual percentiles in one line, in milliseconds.
    public var description: String {
        guard let minimum, let maximum else { return "no samples" }
        let percentiles = [Percentile.p50, .p90, .p95, .p99, .p999]
            .map { "\($0) \(text(at: $0))" }
            .joined(separator: ", ")
        return "n \(count), min \(milliseconds(minimum)), \(percentiles), "
            + "max \(milliseconds(maximum))"
    }
}

/// Formats nanoseconds as milliseconds with three decimals.
private func milliseconds(_ nanoseconds: UInt64) -> String {
    let microseconds = (nanoseconds + 500) / 1000
    let fraction = String(microseconds % 1000)
    let zeros = String(repeating: "0", count: 3 - fraction.count)
    return "\(microseconds / 1000).\(zeros)\(fraction) ms"
}

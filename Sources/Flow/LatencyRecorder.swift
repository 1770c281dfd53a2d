import Glibc
import Histogram

/// A share of samples below a value, such as 0.99 for "99 in a hundred are no slower".
public struct Percentile: Hashable, Sendable, CustomStringConvertible {
    /// The share, between 0 and 1, both excluded.
    public let share: Double

    /// A percentile by its share.
    public init(share: Double) {
        precondition(share > 0 && share < 1, "a share lies between 0 and 1")
        self.share = share
    }

    /// Half of the samples.
    public static let p50 = Percentile(share: 0.5)
    /// Nine in ten.
    public static let p90 = Percentile(share: 0.9)
    /// 95 in a hundred.
    public static let p95 = Percentile(share: 0.95)
    /// 99 in a hundred.
    public static let p99 = Percentile(share: 0.99)
    /// 999 in a thousand.
    public static let p999 = Percentile(share: 0.999)

    /// For example "p99" or "p99.9".
    public var description: String {
        let tenths = Int((share * 1000).rounded())
        return tenths % 10 == 0 ? "p\(tenths / 10)" : "p\(tenths / 10).\(tenths % 10)"
    }

    /// The fewest samples from which this percentile may be stated.
    ///
    /// From MLPerf's early stopping with tolerance 0 and confidence 0.99: the fewest with which
    /// seeing at most one sample above the percentile's true value has a chance of one in a hundred.
    public var minimumSamples: Int {
        var count = 1
        while chanceOfOneAbove(count) > 0.01 { count += 1 }
        return count
    }

    /// The chance that at most one of `count` samples lies above the percentile's true value.
    private func chanceOfOneAbove(_ count: Int) -> Double {
        let samples = Double(count)
        return pow(share, samples) + samples * (1 - share) * pow(share, samples - 1)
    }
}

/// How long something took, over and over: a histogram of nanoseconds with three exact digits.
///
/// A value that one thread owns and fills; merge those of several threads at the end. Recording
/// allocates nothing.
public struct LatencyRecorder: Sendable {
    /// The longest time kept apart from longer ones: one hour.
    public static let longest: UInt64 = 3_600_000_000_000

    private var histogram = Histogram<UInt32>(
        lowestDiscernibleValue: 1, highestTrackableValue: longest,
        numberOfSignificantValueDigits: .three)
    private var sum = 0.0

    /// How many times were recorded.
    public private(set) var count = 0
    /// The shortest time, in nanoseconds; nil without samples.
    public private(set) var minimum: UInt64?
    /// The longest time, in nanoseconds; nil without samples.
    public private(set) var maximum: UInt64?

    /// A recorder without samples.
    public init() {}

    /// Records a time in nanoseconds.
    public mutating func record(_ nanoseconds: UInt64) {
        histogram.record(min(nanoseconds, Self.longest))
        sum += Double(nanoseconds)
        count += 1
        minimum = min(minimum ?? nanoseconds, nanoseconds)
        maximum = max(maximum ?? nanoseconds, nanoseconds)
    }

    /// Records the time that `body` takes.
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

    /// The mean in nanoseconds; nil without samples.
    public var mean: Double? { count == 0 ? nil : sum / Double(count) }

    /// How many times were no longer than so many nanoseconds, to the histogram's exactness.
    public func count(upTo nanoseconds: UInt64) -> Int {
        nanoseconds >= Self.longest ? count : Int(histogram.count(within: 0...nanoseconds))
    }

    /// A percentile in nanoseconds, or nil where there are too few samples to state it.
    public func value(at percentile: Percentile) -> UInt64? {
        guard count >= percentile.minimumSamples else { return nil }
        return histogram.valueAtPercentile(percentile.share * 100)
    }

    /// A percentile in milliseconds in words, or "n too small".
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

/// Nanoseconds as milliseconds with three digits behind the point.
private func milliseconds(_ nanoseconds: UInt64) -> String {
    let microseconds = (nanoseconds + 500) / 1000
    let fraction = String(microseconds % 1000)
    let zeros = String(repeating: "0", count: 3 - fraction.count)
    return "\(microseconds / 1000).\(zeros)\(fraction) ms"
}

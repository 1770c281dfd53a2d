/// Recent rate of events per second.
///
/// `n` events span `n - 1` intervals, and the rate is intervals per second: counting the events
/// themselves would overstate it by n / (n - 1). Times are passed in, in nanoseconds of any
/// monotonic clock. Nothing is allocated.
public struct RateMeter: Sendable {
    private var times: [UInt64]

    /// Number of events.
    public private(set) var count = 0

    /// Creates a meter whose rate covers the last `window` events, at least two.
    public init(window: Int = 32) {
        precondition(window >= 2, "a rate needs two events")
        times = Array(repeating: 0, count: window)
    }

    /// Records an event, whose time must not be before that of the last one.
    public mutating func record(at nanoseconds: UInt64) {
        precondition(last.map { $0 <= nanoseconds } ?? true, "time ran backwards")
        times[count % times.count] = nanoseconds
        count += 1
    }

    /// Events per second over the window; nil before the second event and while no time passed.
    public var recent: Double? {
        guard let last else { return nil }
        let inWindow = min(count, times.count)
        return rate(
            intervals: inWindow - 1, from: times[(count - inWindow) % times.count], to: last)
    }

    private var last: UInt64? {
        count == 0 ? nil : times[(count - 1) % times.count]
    }

    private func rate(intervals: Int, from start: UInt64, to end: UInt64) -> Double? {
        guard intervals > 0, end > start else { return nil }
        return Double(intervals) * 1e9 / Double(end - start)
    }
}

/// Makes the timestamps of frames increase strictly; valid ones stay exactly as they are.
struct TimestampRepair: Sendable {
    /// Missing timestamps.
    private(set) var missing = 0
    /// Timestamps that did not increase or were implausible.
    private(set) var repaired = 0
    /// Clock jumps among the repaired timestamps.
    private(set) var jumps = 0
    /// Ticks added since the last clock jump.
    private(set) var offset: Int64 = 0
    private var last: Int64?
    private var lastArrival: Int64?
    /// Shortest interval between frames so far.
    private var shortest: Int64?
    /// Ticks per frame at the nominal rate.
    private let step: Int64
    /// Ticks in ten seconds: a longer step back is a clock jump, not disorder.
    private let jump: Int64
    /// Ticks in a second: the same limit where arrival times are known.
    private let second: Int64
    /// Ticks in a day: a longer step forward is implausible.
    private let day: Int64

    init(timeBase: Ratio, nominalRate: Ratio) {
        let ticksPerSecond = timeBase.value > 0 ? 1 / timeBase.value : 1
        let rate = nominalRate.value > 0 ? nominalRate.value : 25
        jump = max(2, Int64(nearest: ticksPerSecond * 10))
        second = max(2, Int64(nearest: ticksPerSecond))
        day = max(3, Int64(nearest: ticksPerSecond * 86400))
        step = min(max(1, Int64(nearest: ticksPerSecond / rate)), day)
    }

    /// Returns the repaired timestamp of the next frame.
    ///
    /// `arrival` is the arrival of its packet in ticks of a steady clock; nil if meaningless, as
    /// for files. If a live timestamp advances more than ten seconds beyond the arrival, the clock
    /// has jumped.
    mutating func next(_ timestamp: Int64?, arrival: Int64? = nil) -> Int64 {
        let passed = arrival.flatMap { now in lastArrival.map { max(now.subtracting($0), 0) } }
        let result = decide(timestamp, passed: passed)
        if let last {
            let step = result.subtracting(last)
            if step > 1 { shortest = min(shortest ?? step, step) }
        }
        last = result
        lastArrival = arrival
        return result
    }

    /// Validates the stated duration of a frame in ticks; 0 if unknown.
    ///
    /// For mp4 with B-frames FFmpeg derives the duration from the encoder's clock, often one tick.
    /// Durations far below every interval between frames are therefore rejected, as are those of
    /// more than an hour.
    func length(_ stated: Int64) -> Int64 {
        // Some cameras state hours for the last frame.
        guard stated > 0, stated <= second.multipliedReportingOverflow(by: 3600).partialValue else {
            return 0
        }
        return stated > (shortest ?? 0) / 4 ? stated : 0
    }

    private mutating func decide(_ timestamp: Int64?, passed: Int64?) -> Int64 {
        guard let timestamp, timestamp.magnitude <= Int64.farthestTicks.magnitude else {
            missing += 1
            return last.map(following) ?? 0
        }
        guard let last else { return timestamp }
        let moved = timestamp.adding(offset)
        let longest = passed.map { min($0.adding(jump), day) } ?? day
        if moved > last && moved.subtracting(last) <= longest { return moved }
        repaired += 1
        if moved > last || last.subtracting(moved) > (passed == nil ? jump : second) {
            jumps += 1
            let next = passed.map { max(last.adding(min($0, day)), last + 1) } ?? following(last)
            offset = next.subtracting(timestamp)
            return next
        }
        return last + 1
    }

    /// Adds one nominal interval; a single tick when the range is nearly exhausted.
    private func following(_ last: Int64) -> Int64 {
        last < 2 * Int64.farthestTicks ? last + step : last + 1
    }
}

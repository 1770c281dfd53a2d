/// Makes every picture's stamp later than the one before, and leaves sound stamps exactly as they are.
struct TimestampRepair: Sendable {
    /// Stamps that the source did not give.
    private(set) var missing = 0
    /// Stamps that went back, stood still, or were nonsense.
    private(set) var repaired = 0
    /// How many of those were leaps of the source's clock.
    private(set) var jumps = 0
    /// Ticks that are added since the clock jumped back.
    private(set) var offset: Int64 = 0
    private var last: Int64?
    private var lastArrival: Int64?
    /// The shortest step from one picture to the next so far.
    private var shortest: Int64?
    /// Ticks from one picture to the next where nothing better is known.
    private let step: Int64
    /// Ticks in ten seconds: a longer step back is another clock, not disorder.
    private let jump: Int64
    /// Ticks in a second, for which the same holds where it is known when pictures came.
    private let second: Int64
    /// Ticks in a day: a longer step forward is nonsense.
    private let day: Int64

    init(timeBase: Ratio, nominalRate: Ratio) {
        let ticksPerSecond = timeBase.value > 0 ? 1 / timeBase.value : 1
        let rate = nominalRate.value > 0 ? nominalRate.value : 25
        jump = max(2, Int64(nearest: ticksPerSecond * 10))
        second = max(2, Int64(nearest: ticksPerSecond))
        day = max(3, Int64(nearest: ticksPerSecond * 86400))
        step = min(max(1, Int64(nearest: ticksPerSecond / rate)), day)
    }

    /// The stamp to use for the next picture.
    ///
    /// `arrival` is when its packet came, in ticks of any steady clock; nil where that says nothing, as for files. A
    /// live picture that is stamped much farther ahead than it came later was stamped by another clock.
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

    /// How long a picture is shown, by what FFmpeg says of it; 0 when unknown.
    ///
    /// Of mp4 with B-frames FFmpeg takes the encoder's clock, often a tick, for the pictures' rate. A length far
    /// below every step from picture to picture is no length.
    func length(_ stated: Int64) -> Int64 {
        guard stated > 0 else { return 0 }
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

    /// One step on; a tick where a source without sense has nearly used up all numbers.
    private func following(_ last: Int64) -> Int64 {
        last < 2 * Int64.farthestTicks ? last + step : last + 1
    }
}

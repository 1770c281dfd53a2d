/// Makes every picture's stamp later than the one before, and leaves sound stamps exactly as they are.
struct StampRepair: Sendable {
    /// Stamps that the source did not give.
    private(set) var missing = 0
    /// Stamps that went back, stood still, or were nonsense.
    private(set) var repaired = 0
    /// Ticks that are added since the clock jumped back.
    private(set) var offset: Int64 = 0
    private var last: Int64?
    /// The shortest step from one picture to the next so far.
    private var shortest: Int64?
    /// Ticks from one picture to the next where nothing better is known.
    private let step: Int64
    /// Ticks in ten seconds: a longer step back is another clock, not disorder.
    private let jump: Int64
    /// Ticks in a day: a longer step forward is nonsense.
    private let day: Int64

    init(timeBase: Ratio, nominalRate: Ratio) {
        let ticksPerSecond = timeBase.value > 0 ? 1 / timeBase.value : 1
        let rate = nominalRate.value > 0 ? nominalRate.value : 25
        jump = max(2, Int64(nearest: ticksPerSecond * 10))
        day = max(3, Int64(nearest: ticksPerSecond * 86400))
        step = min(max(1, Int64(nearest: ticksPerSecond / rate)), day)
    }

    /// The stamp to use for the next picture.
    mutating func next(_ stamp: Int64?) -> Int64 {
        let result = decide(stamp)
        if let last {
            let step = result.subtracting(last)
            if step > 1 { shortest = min(shortest ?? step, step) }
        }
        last = result
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

    private mutating func decide(_ stamp: Int64?) -> Int64 {
        guard let stamp, stamp.magnitude <= Int64.farthestTicks.magnitude else {
            missing += 1
            return last.map(following) ?? 0
        }
        guard let last else { return stamp }
        let moved = stamp.adding(offset)
        if moved > last && moved.subtracting(last) <= day { return moved }
        repaired += 1
        if moved > last || last.subtracting(moved) > jump {
            let next = following(last)
            offset = next.subtracting(stamp)
            return next
        }
        return last + 1
    }

    /// One step on; a tick where a source without sense has nearly used up all numbers.
    private func following(_ last: Int64) -> Int64 {
        last < 2 * Int64.farthestTicks ? last + step : last + 1
    }
}

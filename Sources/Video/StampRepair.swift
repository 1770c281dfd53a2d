/// Makes every picture's stamp later than the one before, and leaves sound stamps exactly as they are.
struct StampRepair: Sendable {
    /// Stamps that the source did not give.
    private(set) var missing = 0
    /// Stamps that went back, stood still, or were nonsense.
    private(set) var repaired = 0
    /// Ticks that are added since the clock jumped back.
    private(set) var offset: Int64 = 0
    private var last: Int64?
    /// Ticks from one picture to the next where nothing better is known.
    private let step: Int64
    /// Ticks in ten seconds: a longer step back is another clock, not disorder.
    private let jump: Int64
    /// Ticks in a day: a longer step forward is nonsense.
    private let day: Int64

    init(timeBase: Ratio, nominalRate: Ratio) {
        let ticksPerSecond = timeBase.value > 0 ? 1 / timeBase.value : 1
        let rate = nominalRate.value > 0 ? nominalRate.value : 25
        step = max(1, Int64((ticksPerSecond / rate).rounded()))
        jump = max(2, Int64(min(ticksPerSecond * 10, 1e15)))
        day = max(3, Int64(min(ticksPerSecond * 86400, 1e17)))
    }

    /// The stamp to use for the next picture.
    mutating func next(_ stamp: Int64?) -> Int64 {
        let result = decide(stamp)
        last = result
        return result
    }

    private mutating func decide(_ stamp: Int64?) -> Int64 {
        let limit = Int64.max / 4
        guard let stamp, abs(stamp.clamped(limit * 2)) <= limit else {
            missing += 1
            return last.map { $0 + step } ?? 0
        }
        guard let last else { return stamp }
        let moved = stamp + offset
        if moved > last && moved - last <= day { return moved }
        repaired += 1
        if moved > last || last - moved > jump {
            offset = last + step - stamp
            return last + step
        }
        return last + 1
    }
}

extension Int64 {
    /// The nearest number whose size does not exceed the limit.
    fileprivate func clamped(_ limit: Int64) -> Int64 { Swift.min(Swift.max(self, -limit), limit) }
}

/// Timestamps of a live source that has none: the arrival of its packets.
struct ArrivalClock: Sendable {
    /// Time base of the timestamps.
    static let timeBase = Ratio(1, 90_000)

    private let base: Ratio
    private var first: UInt64?
    private var last: Int64 = -1

    init(base: Ratio) { self.base = base }

    /// Ticks from the first arrival to this one, in nanoseconds of a steady clock; increases
    /// strictly.
    mutating func ticks(at arrival: UInt64) -> Int64 {
        let first = first ?? arrival
        self.first = first
        let seconds = arrival > first ? Double(arrival - first) / 1e9 : 0
        last = max(Int64(nearest: seconds / base.value), last.adding(1))
        return last
    }
}

/// Maps packet timestamps of a live source to the clock of a file whose first frame is presented at
/// zero.
///
/// A pure value. Intervals stay exact. If the source's clock jumps, the file continues by the time
/// between arrivals, and ``hasClockJump`` requests another file.
struct PacketClock: Sendable {
    /// True if the source's clock has jumped since the file began.
    private(set) var hasClockJump = false
    /// Latest video timestamp in the file, in ticks.
    private(set) var position: Int64?
    /// Time base of the video stream.
    let base: Ratio
    /// Ticks subtracted from video timestamps; nil until the first one.
    private(set) var origin: Int64?
    private var lastTimestamp: Int64?
    private var lastArrival: UInt64 = 0
    private var firstArrival: UInt64?

    /// Seconds by which timestamps may run ahead of arrivals.
    private static let ahead = 10.0
    /// Seconds by which audio may start before video: an encoder's delay.
    private static let early = 0.04
    /// Seconds by which timestamps may go back; more is a clock jump.
    private static let back = 1.0

    /// Nominal ticks per frame; nil if unknown.
    private let step: Int64?

    init(base: Ratio, nominalRate: Ratio = Ratio(0, 1)) {
        self.base = base
        let rate = nominalRate.value
        step = rate > 0 ? max(Int64(nearest: 1 / rate / base.value), 1) : nil
    }

    /// Asks for another file after a leap of the source's clock by more than ten seconds.
    mutating func note(leap seconds: Double) {
        if seconds > Self.ahead { hasClockJump = true }
    }

    /// Maps a video packet's decode timestamp, nil if missing, to the file's clock.
    ///
    /// `arrival` is in nanoseconds. `lead` is the number of ticks from decoding to presentation.
    mutating func map(_ timestamp: Int64?, lead: Int64 = 0, arrival: UInt64) -> Int64 {
        let first = firstArrival ?? arrival
        firstArrival = first
        let passed = ticks(from: lastTimestamp == nil ? first : lastArrival, to: arrival)
        if let timestamp {
            let next = position.map { $0 + max(step ?? ticks(from: first, to: arrival), 1) }
            follow(timestamp, passed: passed, first: next ?? -lead)
        }
        let mapped: Int64
        if let timestamp, let origin {
            mapped = timestamp.subtracting(origin)
            lastTimestamp = timestamp
            lastArrival = arrival
        } else {
            mapped = position.map { $0.adding(step ?? 1) } ?? 0
        }
        position = max(mapped, position ?? mapped)
        return mapped
    }

    private mutating func follow(_ timestamp: Int64, passed: Int64, first start: Int64) {
        guard let origin, let lastTimestamp else {
            origin = timestamp.subtracting(start)
            return
        }
        let step = timestamp.subtracting(lastTimestamp)
        guard step > passed.adding(ticks(Self.ahead)) || step < -ticks(Self.back) else { return }
        hasClockJump = true
        self.origin = origin.adding(step.subtracting(max(passed, 1)))
    }

    /// Maps a timestamp of another stream; nil if it is too far from the video.
    func map(_ timestamp: Timestamp) -> Int64? {
        guard let origin, let position else { return nil }
        let offset = Timestamp(ticks: origin, timeBase: base).rescaled(to: timestamp.timeBase).ticks
        let mapped = Timestamp(
            ticks: timestamp.ticks.subtracting(offset), timeBase: timestamp.timeBase)
        let seconds = mapped.seconds
        let now = Double(position) * base.value
        return seconds >= -Self.early && abs(seconds - now) <= Self.ahead ? mapped.ticks : nil
    }

    private func ticks(_ seconds: Double) -> Int64 { Int64(nearest: seconds / base.value) }

    private func ticks(from start: UInt64, to end: UInt64) -> Int64 {
        end > start ? ticks(Double(end - start) / 1e9) : 0
    }
}

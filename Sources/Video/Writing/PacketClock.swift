/// Where packets of a live source lie on the clock of one file, which begins with its first picture at zero.
///
/// A pure value. Stamps keep their distances exactly. Where the source's clock leaps, the file goes on by the time
/// that passed until the packet came, and ``hasJumped`` says that another file should begin.
struct PacketClock: Sendable {
    /// The source's clock has leapt since the file began.
    private(set) var hasClockJump = false
    /// Where the newest picture lies, in ticks of the pictures' clock.
    private(set) var position: Int64?
    /// The pictures' clock.
    let base: Ratio
    /// What is taken off the pictures' stamps; nil until one of them has a stamp.
    private(set) var origin: Int64?
    private var lastTimestamp: Int64?
    private var lastArrival: UInt64 = 0
    private var firstArrival: UInt64?

    /// Seconds by which stamps may run ahead of the packets' coming.
    private static let ahead = 10.0
    /// Seconds by which sound may begin before the pictures: an encoder's delay.
    private static let early = 0.04
    /// Seconds by which stamps may go back: disorder, not another clock.
    private static let back = 1.0

    /// Ticks from one picture to the next, as far as the source says; nil where it does not.
    private let step: Int64?

    init(base: Ratio, nominalRate: Ratio = Ratio(0, 1)) {
        self.base = base
        let rate = nominalRate.value
        step = rate > 0 ? max(Int64(nearest: 1 / rate / base.value), 1) : nil
    }

    /// Places a picture by its stamp of decoding, where it has one, and the moment it came, in nanoseconds.
    ///
    /// `lead` are the ticks from its decoding to its presentation; the first picture is presented at zero. Returns the
    /// ticks of its decoding on the file's clock.
    mutating func place(_ timestamp: Int64?, lead: Int64 = 0, arrival: UInt64) -> Int64 {
        let first = firstArrival ?? arrival
        firstArrival = first
        let passed = ticks(from: lastTimestamp == nil ? first : lastArrival, to: arrival)
        if let timestamp {
            let next = position.map { $0 + max(step ?? ticks(from: first, to: arrival), 1) }
            follow(timestamp, passed: passed, first: next ?? -lead)
        }
        let placed: Int64
        if let timestamp, let origin {
            placed = timestamp.subtracting(origin)
            lastTimestamp = timestamp
            lastArrival = arrival
        } else {
            placed = position.map { $0.adding(step ?? 1) } ?? 0
        }
        position = max(placed, position ?? placed)
        return placed
    }

    private mutating func follow(_ timestamp: Int64, passed: Int64, first place: Int64) {
        guard let origin, let lastTimestamp else {
            origin = timestamp.subtracting(place)
            return
        }
        let step = timestamp.subtracting(lastTimestamp)
        guard step > passed.adding(ticks(Self.ahead)) || step < -ticks(Self.back) else { return }
        hasClockJump = true
        self.origin = origin.adding(step.subtracting(max(passed, 1)))
    }

    /// Places another stream's stamp; nil where it lies nowhere near the pictures.
    func place(_ timestamp: Timestamp) -> Int64? {
        guard let origin, let position else { return nil }
        let offset = Timestamp(ticks: origin, timeBase: base).rescaled(to: timestamp.timeBase).ticks
        let placed = Timestamp(
            ticks: timestamp.ticks.subtracting(offset), timeBase: timestamp.timeBase)
        let seconds = placed.seconds
        let now = Double(position) * base.value
        return seconds >= -Self.early && abs(seconds - now) <= Self.ahead ? placed.ticks : nil
    }

    private func ticks(_ seconds: Double) -> Int64 { Int64(nearest: seconds / base.value) }

    private func ticks(from start: UInt64, to end: UInt64) -> Int64 {
        end > start ? ticks(Double(end - start) / 1e9) : 0
    }
}

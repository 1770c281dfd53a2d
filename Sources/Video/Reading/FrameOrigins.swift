internal import CFFmpeg

/// Corrects arrival times and wall clocks for the frames that FFmpeg's parsers hold back.
///
/// A parser that holds n frames emits a frame with the data of the n-th frame after it. The arrival
/// is therefore that of the emission n frames earlier, and the clock belongs to the frame that
/// ended it.
struct FrameOrigins: Sendable {
    private let held: Int
    /// Seconds after which RTP timestamps wrap around.
    private let wrapPeriod: Double
    /// Origins of the held frames, oldest first.
    private var pending: [PacketOrigin] = []
    private var last: PacketOrigin?

    /// Creates a tracker for a stream in which a parser holds `held` frames.
    init(held: Int, timeBase: Ratio) {
        self.held = held
        wrapPeriod = timeBase.value * 0x1p32
    }

    /// Returns the origin of the frame that is emitted now; `emitted` came with it.
    mutating func next(_ emitted: PacketOrigin) -> PacketOrigin {
        var origin = emitted
        origin.wallClock = origin.wallClock.map { unwrapped($0, at: origin.arrival) }
        if origin.wallClock != nil { last = origin }
        pending.append(origin)
        if pending.count > held { return pending.removeFirst() }
        // Start of the first frames is unknown.
        return PacketOrigin(arrival: pending[0].arrival)
    }

    /// Adds a wrap-around of the RTP clock where FFmpeg missed one: after a wrap it reports an old
    /// time until the next sender report.
    private func unwrapped(_ clock: Double, at arrival: UInt64) -> Double {
        guard let last, let before = last.wallClock else { return clock }
        let passed = Double(arrival) / 1e9 - Double(last.arrival) / 1e9
        return abs(before + passed - clock - wrapPeriod) < 10 ? clock + wrapPeriod : clock
    }
}

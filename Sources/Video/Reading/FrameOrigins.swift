internal import CFFmpeg

/// When the packets of pictures came, and what the camera's clock showed.
///
/// Where FFmpeg holds some pictures until later ones begin, what it hands on began to come when it handed on the one that
/// many before, and bears the clock of the one whose beginning ended it.
struct FrameOrigins: Sendable {
    private let held: Int
    /// Seconds in which the stamps of RTP go round once.
    private let lap: Double
    /// The origins of the pictures that are held, the longest held first.
    private var begun: [PacketOrigin] = []
    private var last: PacketOrigin?

    /// For a stream in which so many pictures are held, with that time base.
    init(held: Int, timeBase: Ratio) {
        self.held = held
        lap = timeBase.value * 0x1p32
    }

    /// The origin of the picture that is handed on now, from what came with it.
    mutating func next(_ handedOn: PacketOrigin) -> PacketOrigin {
        var origin = handedOn
        origin.wallClock = origin.wallClock.map { straight($0, at: origin.arrival) }
        if origin.wallClock != nil { last = origin }
        begun.append(origin)
        if begun.count > held { return begun.removeFirst() }
        // Nobody knows when the first ones began.
        return PacketOrigin(arrival: begun[0].arrival)
    }

    /// A clock that is not a lap behind: so FFmpeg tells it from when the stamps begin anew until the camera's next report.
    private func straight(_ clock: Double, at arrival: UInt64) -> Double {
        guard let last, let before = last.wallClock else { return clock }
        let passed = Double(arrival) / 1e9 - Double(last.arrival) / 1e9
        return abs(before + passed - clock - lap) < 10 ? clock + lap : clock
    }
}

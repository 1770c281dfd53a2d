internal import CFFmpeg

/// The part of a recording that is wanted, in seconds of its own clock.
struct TimeWindow {
    let start: Double?
    let end: Double?
    private let bases: [Ratio]
    /// Packets are stored by decoding time and interleaved loosely: how far beyond the end to look for the rest.
    private static let slack = 2.0
    /// Decimal seconds rarely hit a tick; a microsecond is less than any tick that matters.
    private static let tolerance = 1e-6

    init(_ options: ReaderOptions, start: Double, streams: [StreamDescription]) {
        let first = options.start ?? 0
        self.start = options.start.map { start + $0 }
        end = options.duration.map { start + first + $0 }
        bases = streams.map(\.timeBase)
    }

    func isBefore(_ stamp: Timestamp) -> Bool {
        start.map { stamp.seconds < $0 - Self.tolerance } ?? false
    }

    func isAfter(_ stamp: Timestamp) -> Bool {
        end.map { stamp.seconds >= $0 - Self.tolerance } ?? false
    }

    func contains(_ packet: UnsafeMutablePointer<AVPacket>) -> Bool {
        guard let stamp = unsafe stamp(packet) else { return true }
        return !isBefore(stamp) && !isAfter(stamp)
    }

    /// Whether nothing of the window can follow this packet.
    func isOver(after packet: UnsafeMutablePointer<AVPacket>) -> Bool {
        guard let end, let stamp = unsafe stamp(packet) else { return false }
        return stamp.seconds > end + Self.slack
    }

    private func stamp(_ packet: UnsafeMutablePointer<AVPacket>) -> Timestamp? {
        let (pts, dts) = unsafe (packet.pointee.pts, packet.pointee.dts)
        let ticks = pts == tl_no_timestamp ? dts : pts
        guard ticks != tl_no_timestamp else { return nil }
        return unsafe Timestamp(ticks: ticks, timeBase: bases[Int(packet.pointee.stream_index)])
    }
}

/// How far the packets of a source came, compared with the length that it states.
struct StreamProgress {
    private let statedEnd: Double?
    private let bases: [Ratio]
    private var reached = -Double.infinity
    private(set) var isEmpty = true

    init(_ description: SourceDescription) {
        // Matroska counts from zero, the others from the first stamp.
        let origin = description.format.hasPrefix("matroska") ? 0 : description.start
        statedEnd = description.duration.map { origin + $0 }
        bases = description.streams.map(\.timeBase)
    }

    mutating func note(_ packet: UnsafeMutablePointer<AVPacket>) {
        isEmpty = false
        let stamp = unsafe packet.pointee.pts
        guard stamp != tl_no_timestamp else { return }
        let end = unsafe stamp + max(packet.pointee.duration, 0)
        let base = unsafe bases[Int(packet.pointee.stream_index)]
        reached = max(reached, Timestamp(ticks: end, timeBase: base).seconds)
    }

    /// True when more than half a second and one part in fifty of the stated length is missing.
    var isShort: Bool {
        guard let statedEnd, reached.isFinite else { return false }
        return statedEnd - reached > max(0.5, 0.02 * statedEnd)
    }
}

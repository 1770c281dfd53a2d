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

    func isBefore(_ timestamp: Timestamp) -> Bool {
        start.map { timestamp.seconds < $0 - Self.tolerance } ?? false
    }

    func isAfter(_ timestamp: Timestamp) -> Bool {
        end.map { timestamp.seconds >= $0 - Self.tolerance } ?? false
    }

    func contains(_ packet: UnsafeMutablePointer<AVPacket>) -> Bool {
        guard let timestamp = unsafe timestamp(packet) else { return true }
        return !isBefore(timestamp) && !isAfter(timestamp)
    }

    /// Whether nothing of the window can follow this packet.
    func isOver(after packet: UnsafeMutablePointer<AVPacket>) -> Bool {
        guard let end, let timestamp = unsafe timestamp(packet) else { return false }
        return timestamp.seconds > end + Self.slack
    }

    private func timestamp(_ packet: UnsafeMutablePointer<AVPacket>) -> Timestamp? {
        let (pts, dts) = unsafe (packet.pointee.pts, packet.pointee.dts)
        let ticks = pts == tl_no_timestamp ? dts : pts
        guard ticks != tl_no_timestamp else { return nil }
        return unsafe Timestamp(ticks: ticks, timeBase: bases[Int(packet.pointee.stream_index)])
    }
}

/// How far the packets of each stream came, compared with the length that the source states.
struct StreamProgress {
    /// Seconds of one stream's own clock.
    struct Span {
        var first: Double?
        var end = -Double.infinity
        var packets = 0
    }

    private(set) var spans: [Span]
    private let statedEnd: Double?
    private let bases: [Ratio]
    /// Pictures that the container states; nil where its number is no promise.
    private let statedFrames: Int?
    private let videoStream: Int

    init(_ description: SourceDescription, statedFrames: Int? = nil) {
        videoStream = description.videoStream
        // AVI states a number and computes its length from what is there; edit lists make mp4's number useless.
        self.statedFrames = description.format == "avi" ? statedFrames : nil
        // Matroska counts from zero, the others from the first stamp.
        let origin = description.format.hasPrefix("matroska") ? 0 : description.start
        statedEnd = description.duration.map { origin + $0 }
        bases = description.streams.map(\.timeBase)
        spans = Array(repeating: Span(), count: bases.count)
    }

    /// True as long as no packet came.
    var isEmpty: Bool { spans.allSatisfy { $0.packets == 0 } }

    mutating func note(_ packet: UnsafeMutablePointer<AVPacket>) {
        let stream = unsafe Int(packet.pointee.stream_index)
        let timestamp = unsafe packet.pointee.pts
        spans[stream].packets += 1
        guard timestamp != tl_no_timestamp else { return }
        let end = unsafe timestamp &+ max(packet.pointee.duration, 0)
        let first = Timestamp(ticks: timestamp, timeBase: bases[stream]).seconds
        spans[stream].first = min(spans[stream].first ?? first, first)
        spans[stream].end = max(
            spans[stream].end, Timestamp(ticks: end, timeBase: bases[stream]).seconds)
    }

    /// True when more than half a second and one part in fifty of the stated length is missing.
    var isShort: Bool {
        if let stated = statedFrames,
            Double(spans[videoStream].packets) < 0.98 * Double(stated)
        {
            return true
        }
        let reached = spans.map(\.end).max() ?? -.infinity
        guard let statedEnd, reached.isFinite else { return false }
        return statedEnd - reached > max(0.5, 0.02 * statedEnd)
    }
}

internal import CFFmpeg

/// Requested part of a recording, in seconds of the recording's clock.
struct TimeWindow {
    let start: Double?
    let end: Double?
    private let bases: [Ratio]
    /// Seconds to read beyond the end, because packets are stored in decoding order and interleaved
    /// loosely.
    private static let slack = 2.0
    /// Seconds of tolerance: decimal seconds rarely fall on a tick.
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

    func contains(_ packet: PacketView) -> Bool {
        guard let timestamp = timestamp(packet) else { return true }
        return !isBefore(timestamp) && !isAfter(timestamp)
    }

    /// True if no later packet can lie in the window.
    func isOver(after packet: PacketView) -> Bool {
        guard let end, let timestamp = timestamp(packet) else { return false }
        return timestamp.seconds > end + Self.slack
    }

    private func timestamp(_ packet: PacketView) -> Timestamp? {
        guard let ticks = packet.pts ?? packet.dts else { return nil }
        return Timestamp(ticks: ticks, timeBase: bases[packet.stream])
    }
}

/// Extent of each stream read so far, compared with the stated duration.
struct StreamProgress {
    /// Extent of one stream in seconds of its clock.
    struct Span {
        var first: Double?
        var end = -Double.infinity
        var packets = 0
    }

    private(set) var spans: [Span]
    private let statedEnd: Double?
    private let length: Double
    private let rate: Double
    private let bases: [Ratio]
    /// Number of frames stated by the container; nil if it is unreliable.
    private let statedFrames: Int?
    private let videoStream: Int

    init(_ description: SourceDescription, statedFrames: Int? = nil) {
        videoStream = description.videoStream
        // AVI states the number of frames and derives the duration from the data. Edit lists make
        // mp4's number unreliable.
        self.statedFrames = description.format == "avi" ? statedFrames : nil
        length = description.duration ?? 0
        statedEnd = description.duration.map { description.start + $0 }
        rate = description.video.nominalRate.value
        bases = description.streams.map(\.timeBase)
        spans = Array(repeating: Span(), count: bases.count)
    }

    /// True if no packet was read.
    var isEmpty: Bool { spans.allSatisfy { $0.packets == 0 } }

    mutating func note(_ packet: PacketView) {
        let stream = packet.stream
        spans[stream].packets += 1
        guard let timestamp = packet.pts else { return }
        let end = timestamp &+ max(packet.duration, 0)
        let first = Timestamp(ticks: timestamp, timeBase: bases[stream]).seconds
        spans[stream].first = min(spans[stream].first ?? first, first)
        spans[stream].end = max(
            spans[stream].end, Timestamp(ticks: end, timeBase: bases[stream]).seconds)
    }

    /// True if more than 0.5 s and 2 % of the stated duration are missing.
    var isShort: Bool {
        if let stated = statedFrames,
            Double(spans[videoStream].packets) < 0.98 * Double(stated)
        {
            // Empty chunks represent frames that repeat the one before: they take time.
            let end = spans[videoStream].end
            return rate <= 0 || end < 0.98 * Double(stated) / rate - 0.5
        }
        let reached = spans.map(\.end).max() ?? -.infinity
        guard let statedEnd, reached.isFinite else { return false }
        return statedEnd - reached > max(0.5, 0.02 * length)
    }
}

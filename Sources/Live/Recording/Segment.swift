internal import Configuration
internal import Foundation
internal import Pipeline
internal import Scene
internal import Video

/// File of a recording while it is written, with its results file.
///
/// One thread owns it. Without ``finish(plain:)`` the file keeps its `.partial` name.
final class Segment {
    /// Final path.
    let path: String
    /// Arrival of its first packet, in nanoseconds of the monotonic clock.
    let began: UInt64
    /// First timestamp, in seconds of the source's clock.
    let start: Double
    private let source: SourceDescription
    private var packets: PacketWriter?
    private var frames: VideoWriter?
    private var results: ResultsFile?
    private var resultCount = 0
    private var finalBytes: Int64 = 0
    private var reportedBytes: Int64 = 0
    private var arrivals = ArrivalIndex()

    /// Begins a file of packets, the first of which must be a key frame.
    init(
        _ path: String, of source: SourceDescription, beginningWith packet: borrowing Packet,
        audio: Bool, results: ResultsFile?, metadata: [String: String]
    ) throws(RunError) {
        self.path = path
        self.source = source
        began = packet.arrival
        start = packet.seconds(in: source) ?? -.infinity
        self.results = results
        do throws(VideoError) {
            packets = try PacketWriter(to: path, source: source, audio: audio, metadata: metadata)
        } catch {
            throw RunError(error)
        }
    }

    /// Begins a file of encoded frames.
    init(
        _ path: String, of source: SourceDescription, beginningWith frame: borrowing Frame,
        audio: Bool, metadata: [String: String]
    ) throws(RunError) {
        self.path = path
        self.source = source
        began = frame.arrival
        start = frame.timestamp.seconds
        var options = WriterOptions()
        options.staysFragmented = true
        options.mode = .guarded
        options.threads = 1
        options.audio = audio ? [.copy, .reencode] : []
        options.metadata = metadata
        options.timeOrigin = .seconds(start)
        do throws(VideoError) {
            frames = try VideoWriter(to: path, source: source, options: options)
        } catch {
            throw RunError(error)
        }
    }

    /// Bytes written to the file.
    var bytes: Int64 { packets?.bytes ?? frames?.bytes ?? finalBytes }

    /// Path without extension.
    var stem: String { String(path.prefix(upTo: path.lastIndex(of: ".") ?? path.endIndex)) }

    /// True when the source's clock has jumped, and the next file should begin.
    var hasJumped: Bool { packets?.hasClockJump ?? false }

    /// Bytes written since the last call.
    func takeNewBytes() -> Int64 {
        defer { reportedBytes = bytes }
        return max(bytes - reportedBytes, 0)
    }

    /// Adds a packet.
    func write(_ packet: borrowing Packet) throws(RunError) {
        do throws(VideoError) {
            try packets?.write(packet)
            let isAudio = packet.stream != source.videoStream
            if isAudio, frames != nil, packet.seconds(in: source) ?? -.infinity >= start {
                let copy = try packet.shared()
                try frames?.write(copy)
            }
        } catch {
            throw RunError(error)
        }
        if packet.stream == source.videoStream, let position = packets?.position {
            arrivals.note(
                arrival: packet.arrival, ticks: packet.presentationTicks, seconds: position)
        }
    }

    /// Adds a frame that was drawn on.
    func write(_ frame: consuming Frame) throws(RunError) {
        do throws(VideoError) {
            try frames?.write(frame)
        } catch {
            throw RunError(error)
        }
    }

    /// Adds a results line for a frame, when this file contains it.
    func note(_ frame: TrackedFrame, of camera: String) throws(RunError) {
        guard results != nil,
            let seconds = arrivals.seconds(at: frame.arrival, ticks: frame.ticks)
        else { return }
        let line = FrameResult(
            source: camera, frame: resultCount, pts: frame.ticks, time: seconds, fate: .tracked,
            isDamaged: frame.isDamaged, objects: frame.objects)
        resultCount += 1
        try results?.write(line, PictureSize(width: 0, height: 0))
    }

    /// Finishes the file; a plain one is rewritten with its index in front.
    func finish(plain: Bool = false) throws(RunError) {
        do throws(VideoError) {
            if let writer = packets.take() { finalBytes = try writer.finish(plain: plain).bytes }
            if let writer = frames.take() { finalBytes = try writer.finish().bytes }
        } catch {
            throw RunError(error)
        }
        try results?.finish()
        results = nil
    }
}

/// Positions of the latest frames in a file, by the arrival of their packets.
struct ArrivalIndex: Sendable {
    private struct Entry: Sendable {
        var arrival: UInt64
        var ticks: Int64?
        var seconds: Double
    }

    private var entries: [Entry] = []
    /// Number of frames kept: more than any decoder delays.
    private static let limit = 256

    /// Adds a frame; frames come in the order of their packets.
    mutating func note(arrival: UInt64, ticks: Int64?, seconds: Double) {
        if entries.count >= 2 * Self.limit { entries.removeFirst(Self.limit) }
        entries.append(Entry(arrival: arrival, ticks: ticks, seconds: seconds))
    }

    /// Position in seconds of what arrived at a time; nil for times before the oldest frame kept.
    ///
    /// Packets of one burst arrive at the same time; the timestamp tells them apart.
    func seconds(at arrival: UInt64, ticks: Int64) -> Double? {
        let same = entries.last { $0.arrival == arrival && $0.ticks == ticks }
        guard let entry = same ?? entries.last(where: { $0.arrival <= arrival }) else { return nil }
        return entry.seconds + Double(arrival - entry.arrival) / 1e9
    }
}

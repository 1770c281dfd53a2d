internal import Configuration
internal import Foundation
internal import Pipeline
internal import Scene
internal import Video

/// One file of a recording while it grows, with what was seen beside it.
///
/// One thread owns it. One that is let go without being finished leaves what was written under its growing names.
final class Segment {
    /// The name it will have.
    let path: String
    /// When its first packet came, in nanoseconds of the monotonic clock.
    let began: UInt64
    /// The stamp it begins with, in seconds of the source's clock.
    let start: Double
    private let source: SourceDescription
    private var packets: PacketWriter?
    private var pictures: VideoWriter?
    private var results: ResultsFile?
    private var lines = 0
    private var final: Int64 = 0
    private var counted: Int64 = 0
    private var places = ArrivalIndex()

    /// A file of packets, the first of which must be a key picture's.
    init(
        _ path: String, of source: SourceDescription, beginningWith packet: borrowing Packet,
        sound: Bool, results: ResultsFile?, metadata: [String: String]
    ) throws(RunError) {
        self.path = path
        self.source = source
        began = packet.arrival
        start = packet.seconds(in: source) ?? -.infinity
        self.results = results
        do throws(VideoError) {
            packets = try PacketWriter(to: path, source: source, audio: sound, metadata: metadata)
        } catch {
            throw RunError(error)
        }
    }

    /// A file of pictures that are encoded.
    init(
        _ path: String, of source: SourceDescription, beginningWith frame: borrowing Frame,
        sound: Bool, metadata: [String: String]
    ) throws(RunError) {
        self.path = path
        self.source = source
        began = frame.arrival
        start = frame.timestamp.seconds
        var options = WriterOptions()
        options.staysFragmented = true
        options.threads = 1
        options.audio = sound ? [.copy, .reencode] : []
        options.metadata = metadata
        options.timeOrigin = .seconds(start)
        do throws(VideoError) {
            pictures = try VideoWriter(to: path, source: source, options: options)
        } catch {
            throw RunError(error)
        }
    }

    /// Bytes that have reached the file.
    var bytes: Int64 { packets?.bytes ?? pictures?.bytes ?? final }

    /// The path without its ending.
    var stem: String { String(path.prefix(upTo: path.lastIndex(of: ".") ?? path.endIndex)) }

    /// The source's clock has leapt: the next file should begin.
    var hasJumped: Bool { packets?.hasClockJump ?? false }

    /// Bytes that have reached the file since this was asked last.
    func takeGrowth() -> Int64 {
        defer { counted = bytes }
        return max(bytes - counted, 0)
    }

    /// Adds a packet.
    func write(_ packet: borrowing Packet) throws(RunError) {
        do throws(VideoError) {
            try packets?.write(packet)
            let isSound = packet.stream != source.videoStream
            if isSound, pictures != nil, packet.seconds(in: source) ?? -.infinity >= start {
                let copy = try packet.shared()
                try pictures?.write(copy)
            }
        } catch {
            throw RunError(error)
        }
        if packet.stream == source.videoStream, let position = packets?.position {
            places.note(arrival: packet.arrival, seconds: position)
        }
    }

    /// Adds a picture that was drawn on.
    func write(_ frame: consuming Frame) throws(RunError) {
        do throws(VideoError) {
            try pictures?.write(frame)
        } catch {
            throw RunError(error)
        }
    }

    /// Adds a line of what was followed, where its picture lies in this file.
    func note(_ picture: TrackedFrame, of camera: String) throws(RunError) {
        guard results != nil, let seconds = places.seconds(at: picture.arrival) else { return }
        let line = FrameResult(
            source: camera, frame: lines, pts: picture.ticks, time: seconds, fate: .tracked,
            isDamaged: picture.isDamaged, objects: picture.objects)
        lines += 1
        try results?.write(line, PictureSize(width: 0, height: 0))
    }

    /// Finishes the file; plain ones are written a second time, with their index in front.
    func finish(plain: Bool = false) throws(RunError) {
        do throws(VideoError) {
            if let writer = packets.take() { final = try writer.finish(plain: plain).bytes }
            if let writer = pictures.take() { final = try writer.finish().bytes }
        } catch {
            throw RunError(error)
        }
        try results?.finish()
        results = nil
    }
}

/// Where the latest pictures lie in a file, by the moment their packets came.
struct ArrivalIndex: Sendable {
    private struct Place: Sendable {
        var arrival: UInt64
        var seconds: Double
    }

    private var places: [Place] = []
    /// More than any decoder holds back.
    private static let limit = 256

    /// Remembers a picture; they come in the order of their packets.
    mutating func note(arrival: UInt64, seconds: Double) {
        if places.count >= 2 * Self.limit { places.removeFirst(Self.limit) }
        places.append(Place(arrival: arrival, seconds: seconds))
    }

    /// Where what came at a moment lies; nil for what came before all that is remembered.
    func seconds(at arrival: UInt64) -> Double? {
        guard let place = places.last(where: { $0.arrival <= arrival }) else { return nil }
        return place.seconds + Double(arrival - place.arrival) / 1e9
    }
}

import Foundation
import Synchronization
import TestSupport

@testable import Video

/// Properties of a file by `ffprobe`, in comparable form.
struct Probe {
    struct Stream {
        var index: Int
        var kind: String
        var codec: String
        var base: Ratio
        var entries: [String: String]
        var numbers: [String: Int]
        var tags: [String: String]
        var disposition: [String: Int]
    }

    struct Packet: Equatable {
        var stream: Int
        var pts: Int64?
        var size: Int
        var digest: String
    }

    var streams: [Stream] = []
    var packets: [Packet] = []
    var chapters: [String] = []
    var tags: [String: String] = [:]
    var duration: Double?
    /// Presentation timestamps of the decoded frames, in seconds.
    var frames: [Double] = []
    /// The same in ticks.
    var ticks: [Int64] = []

    private static let seen = Mutex<[String: Probe]>([:])

    /// Cached properties of a source.
    static func cached(_ path: String) throws -> Probe {
        if let known = seen.withLock({ $0[path] }) { return known }
        let probe = try Probe(path)
        seen.withLock { $0[path] = probe }
        return probe
    }

    init(_ path: String) throws {
        let output = Program.run(
            "ffprobe",
            [
                "-v", "quiet", "-show_streams", "-show_packets", "-show_chapters", "-show_format",
                "-show_data_hash", "md5", "-of", "json", path,
            ])
        let object = try JSONSerialization.jsonObject(with: output.text) as? [String: Any] ?? [:]
        for stream in object["streams"] as? [[String: Any]] ?? [] {
            streams.append(Self.stream(stream))
        }
        for packet in object["packets"] as? [[String: Any]] ?? [] {
            packets.append(Self.packet(packet))
        }
        for chapter in object["chapters"] as? [[String: Any]] ?? [] {
            let title = (chapter["tags"] as? [String: String])?["title"] ?? ""
            chapters.append("\(chapter["start_time"] ?? "")-\(chapter["end_time"] ?? "") \(title)")
        }
        let format = object["format"] as? [String: Any] ?? [:]
        tags = Self.lowercased(format["tags"] as? [String: String] ?? [:])
        duration = (format["duration"] as? String).flatMap(Double.init)
        ticks = MediaFixture.timestamps(path)
        let base = video?.base.value ?? 0
        frames = ticks.map { Double($0) * base }
    }

    private static func lowercased(_ tags: [String: String]) -> [String: String] {
        Dictionary(tags.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
    }

    private static func stream(_ object: [String: Any]) -> Stream {
        let base = (object["time_base"] as? String ?? "0/1").split(separator: "/").compactMap {
            Int($0)
        }
        return Stream(
            index: object["index"] as? Int ?? -1, kind: object["codec_type"] as? String ?? "",
            codec: object["codec_name"] as? String ?? "", base: Ratio(base[0], base[1]),
            entries: object.compactMapValues { $0 as? String },
            numbers: object.compactMapValues { ($0 as? NSNumber)?.intValue },
            tags: lowercased(object["tags"] as? [String: String] ?? [:]),
            disposition: object["disposition"] as? [String: Int] ?? [:])
    }

    private static func packet(_ object: [String: Any]) -> Packet {
        Packet(
            stream: object["stream_index"] as? Int ?? -1,
            pts: (object["pts"] as? NSNumber)?.int64Value,
            size: Int(object["size"] as? String ?? "") ?? 0,
            digest: object["data_hash"] as? String ?? "")
    }

    var video: Stream? {
        streams.first { $0.kind == "video" && $0.disposition["attached_pic"] != 1 }
    }

    func first(_ kind: String) -> Stream? { streams.first { $0.kind == kind } }

    /// Digests of a stream's packets, in order.
    func digests(_ kind: String) -> [String] {
        guard let stream = first(kind) else { return [] }
        return packets.filter { $0.stream == stream.index }.map(\.digest)
    }

    /// Presentation timestamps of a stream's packets, in seconds.
    func seconds(_ kind: String) -> [Double] {
        guard let stream = first(kind) else { return [] }
        return packets.filter { $0.stream == stream.index }.compactMap { packet in
            packet.pts.map { Double($0) * stream.base.value }
        }
    }
}

/// Small outputs for tests.
enum WriterFixture {
    static let frame = "-f lavfi -i testsrc2=size=160x96:rate=25:duration=2"
    static let tone = "-f lavfi -i sine=440:duration=2"
    static let x264 = "-c:v libx264 -preset ultrafast -bf 2 -pix_fmt yuv420p"

    /// Unused path for a test's output.
    static func target(_ name: String) -> String {
        let folder = MediaFixture.folder.appendingPathComponent(UUID().uuidString)
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.appendingPathComponent(name).path
    }

    /// Options that read all streams.
    static var everything: ReaderOptions {
        var options = ReaderOptions()
        options.packetKinds = [.video, .audio, .subtitle, .data, .attachment]
        return options
    }

    static var quick: WriterOptions {
        var options = WriterOptions()
        options.preset = "ultrafast"
        return options
    }

    /// Writes sources one after the other as one output; `each` runs after each frame.
    @discardableResult
    static func copy(
        _ sources: [String], to target: String, options: WriterOptions = quick,
        reading: ReaderOptions = everything, each: (Timestamp) throws -> Void = { _ in }
    ) throws -> WriteReport {
        var reader = try VideoReader(sources[0], options: reading)
        var writer = try VideoWriter(to: target, source: reader.description, options: options)
        for (number, path) in sources.enumerated() {
            if number > 0 {
                reader = try VideoReader(path, options: reading)
                try writer.beginSource(reader.description)
            }
            while let item = try reader.next() {
                switch consume item {
                case .frame(let frame):
                    let time = frame.timestamp
                    try writer.write(frame)
                    try each(time)
                case .packet(let packet): try writer.write(packet)
                }
            }
        }
        return try writer.finish()
    }
}

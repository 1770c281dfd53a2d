public import Foundation
internal import Synchronization

/// Test recordings, made with the `ffmpeg` program once per run.
public enum Media {
    /// Error of making a recording.
    public struct Failure: Error {
        /// Output of `ffmpeg`.
        public let message: String
    }

    private static let made = Mutex<[String: String]>([:])
    private static let folder: URL = {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "thunderline-media-\(ProcessInfo.processInfo.processIdentifier)")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(at: Media.folder) }
        return folder
    }()

    /// Two seconds of a test pattern with a tone at 25 frames per second: no vehicles, quick to
    /// decode.
    public static func small(_ name: String = "small.mp4", _ more: String = "") throws -> String {
        try make(
            name,
            "-f lavfi -i testsrc2=size=160x96:rate=25:duration=2 -f lavfi -i sine=440:duration=2 "
                + "-c:v libx264 -preset ultrafast -bf 2 -g 25 -pix_fmt yuv420p -c:a aac \(more)")
    }

    /// Recording cut inside an open GOP without decoding: its first frames lack references.
    public static func cutOpen() throws -> String {
        let whole = try make(
            "open.mkv",
            "-f lavfi -i testsrc2=size=320x192:rate=25:duration=4 -pix_fmt yuv420p -c:v libx265 "
                + "-preset ultrafast -x265-params "
                + "log-level=error:open-gop=1:keyint=28:min-keyint=28:bframes=3:b-adapt=0:scenecut=0"
        )
        return try make("cut-open.mkv", "-ss 1.4 -i \(whole) -c copy -copyts")
    }

    /// Runs `ffmpeg` with the arguments, separated by spaces, and returns the path of the file it
    /// wrote.
    public static func make(_ name: String, _ arguments: String) throws -> String {
        let path = folder.appendingPathComponent(name).path
        try made.withLock { made in
            guard made[name] == nil else { return }
            let words = arguments.split(separator: " ").map(String.init)
            let ended = try Command(["ffmpeg", "-v", "error", "-y", "-threads", "1"])
                .run(words + [path])
            guard ended.status == 0 else { throw Failure(message: ended.standardError) }
            made[name] = path
        }
        return path
    }

    /// Writes a file beside the others.
    public static func write(_ name: String, _ bytes: Data) throws -> String {
        let url = folder.appendingPathComponent(name)
        try bytes.write(to: url)
        return url.path
    }
}

/// Properties of a file, by `ffprobe`.
public struct MediaFacts: Sendable {
    /// Presentation timestamps of the decoded frames, in seconds.
    public let timestamps: [Double]
    /// Duration in seconds as stated by the container; nil if it states none.
    public let duration: Double?
    /// MD5 of each audio packet, in order.
    public let audio: [String]
    /// Timestamps of the audio packets, in seconds.
    public let audioTimestamps: [Double]
    /// Width and height of the frames.
    public let size: [Int]

    /// Runs `ffprobe`; a file it cannot read has no timestamps.
    public init(_ path: String) throws {
        let frames = try Self.ask(
            path, ["-select_streams", "V:0", "-show_entries", "frame=best_effort_timestamp"])
        let stream = try Self.ask(
            path, ["-select_streams", "V:0", "-show_entries", "stream=time_base,width,height"])
        let facts = stream.first?.split(separator: ",").map(String.init) ?? []
        let base = facts.last?.split(separator: "/").compactMap { Double($0) } ?? []
        timestamps = frames.compactMap { line in
            line.split(separator: ",").first.flatMap { Double($0) }.map { $0 * base[0] / base[1] }
        }
        size = facts.prefix(2).compactMap { Int($0) }
        duration = try Self.ask(path, ["-show_entries", "format=duration"]).first.flatMap(
            Double.init)
        let packets = try Self.packets(path)
        audioTimestamps = packets.compactMap { ($0["pts_time"] as? String).flatMap(Double.init) }
        audio = packets.compactMap { $0["data_hash"] as? String }
    }

    /// JSON, because the line formats break lines for packets with side data.
    private static func packets(_ path: String) throws -> [[String: Any]] {
        let data = try Command(["ffprobe", "-v", "quiet"]).run([
            "-select_streams", "a:0", "-show_packets", "-show_data_hash", "md5", "-show_entries",
            "packet=pts_time,data_hash", "-of", "json", path,
        ]).data
        let root = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        return root?["packets"] as? [[String: Any]] ?? []
    }

    private static func ask(_ path: String, _ arguments: [String]) throws -> [String] {
        try Command(["ffprobe", "-v", "quiet"]).run(arguments + ["-of", "csv=p=0", path]).lines
    }
}

extension Media {
    /// Video of pretended cameras: the small sample road scene as H.264 with a key frame every
    /// second.
    public static func cameraView() throws -> AnnexB { try AnnexB(cameraViewPath()) }

    /// Path of the file.
    public static func cameraViewPath() throws -> String {
        try make("camera.h264", roadScene("scale=320:192,fps=25", frames: 250))
    }

    /// The same as a recording.
    public static func cameraMovie() throws -> String {
        try make("camera.mp4", "-f h264 -r 25 -i \(cameraViewPath()) -c copy")
    }

    /// The same in a loop of one minute.
    public static func longCameraMovie() throws -> String {
        try make("long-camera.mp4", "-stream_loop 5 -i \(cameraMovie()) -c copy")
    }

    /// Video of 250 frames that show their number, lowest bit first, in eight squares of 16 pixels
    /// at the upper left.
    public static func clockView() throws -> AnnexB {
        let squares = (0..<8).map { bit in
            "drawbox=x=\(bit * 16):y=0:w=16:h=16:color=white:t=fill"
                + ":enable='mod(floor(n/\(1 << bit)),2)'"
        }
        let clock = ["drawbox=x=0:y=0:w=128:h=16:color=black:t=fill"] + squares
        return try AnnexB(
            make(
                "clock.h264",
                roadScene("scale=320:192,fps=25,\(clock.joined(separator: ","))", frames: 250)))
    }

    /// Numbers shown by frames of ``clockView()``, given as JPEG files.
    public static func numbers(in frames: [Data]) throws -> [Int] {
        let scratch = try Scratch()
        let all = try scratch.write("all.mjpeg", frames.reduce(Data(), +))
        let ended = try Command(["ffmpeg", "-v", "error", "-f", "image2pipe", "-c:v", "mjpeg"]).run(
            [
                "-i", all.path, "-vsync", "passthrough", "-vf",
                "crop=128:16:0:0,scale=8:1:flags=area,format=gray", "-f", "rawvideo", "-",
            ])
        let bytes = [UInt8](ended.data)
        return stride(from: 0, to: bytes.count - 7, by: 8).map { start in
            (0..<8).reduce(0) { $0 | (bytes[start + $1] > 127 ? 1 << $1 : 0) }
        }
    }

    /// The same video in another size, with other parameter sets.
    public static func largerCameraView() throws -> AnnexB {
        try AnnexB(make("larger-camera.h264", roadScene("scale=384:224,fps=25", frames: 100)))
    }

    private static func roadScene(_ filter: String, frames: Int) -> String {
        let sample = Shared.root.appendingPathComponent("Samples/road-day.mp4").path
        return "-i \(sample) -an -vf \(filter) -frames:v \(frames) -c:v libx264 "
            + "-preset veryfast -threads 1 -bf 0 -g 25 -keyint_min 25 -sc_threshold 0 "
            + "-pix_fmt yuv420p -f h264"
    }
}

import Foundation
import Video

/// Writer of a clip and its ground truth.
enum ClipFile {
    /// Renders all frames to `path` (.mp4) and writes the ground truth beside it (.mot.txt).
    static func write(_ settings: ClipSettings, to path: String, progress: (Int) -> Void) throws {
        let raw = FileManager.default.temporaryDirectory
            .appendingPathComponent("road-scene-\(UUID().uuidString).avi")
        defer { try? FileManager.default.removeItem(at: raw) }
        let truth = try draw(settings, to: raw, progress: progress)
        try compress(raw.path, to: path, settings)
        let beside = URL(fileURLWithPath: path).deletingPathExtension().appendingPathExtension(
            "mot.txt")
        try truth.write(to: beside, atomically: true, encoding: .utf8)
    }

    private static func draw(
        _ settings: ClipSettings, to raw: URL, progress: (Int) -> Void
    ) throws -> String {
        var clip = Clip(settings)
        var audio = EngineAudio(seed: settings.seed)
        var movie = try AVIWriter(
            to: raw, width: settings.width, height: settings.height, frames: settings.frames)
        var truth = ""
        for number in 0..<settings.frames {
            let frame = clip.next()
            let planes = Planes.yuv420(frame.rgb, width: settings.width, height: settings.height)
            try movie.write(planes, audio: audio.frame(number, speed: frame.speed))
            for box in frame.truth { truth += box.line(frame: number + 1) }
            progress(number + 1)
        }
        try movie.close()
        return truth
    }

    /// Encodes the frames as H.264 and the audio as AAC.
    private static func compress(_ raw: String, to path: String, _ settings: ClipSettings) throws {
        var readerOptions = ReaderOptions()
        readerOptions.packetKinds = [.audio]
        var options = WriterOptions()
        options.overwrite = true
        options.preset = "veryslow"
        options.threads = 1
        options.rate = .quality(23)
        options.metadata = [
            "creation_time": "2026-01-01T\(settings.daylight == .day ? "11" : "17"):00:00.000000Z",
            "title": "Thunderline road scene, \(settings.daylight.rawValue)",
        ]
        var reader = try VideoReader(raw, options: readerOptions)
        var writer = try VideoWriter(to: path, source: reader.description, options: options)
        while let item = try reader.next() {
            switch consume item {
            case .frame(let frame): try writer.write(frame)
            case .packet(let packet): try writer.write(packet)
            }
        }
        _ = try writer.finish()
    }
}

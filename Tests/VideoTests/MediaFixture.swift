import Foundation
import Synchronization
import TestSupport

/// Test recordings, made with the `ffmpeg` program in a temporary folder, once per run.
enum MediaFixture {
    /// Arguments by file name.
    private static let made = Mutex<[String: String]>([:])

    /// Folder of this run.
    static let folder: URL = {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent(
                "thunderline-reader-\(ProcessInfo.processInfo.processIdentifier)")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(at: MediaFixture.folder) }
        return folder
    }()

    /// Runs `ffmpeg` with the arguments and returns the path of the file it wrote.
    static func make(_ name: String, _ arguments: String) throws -> String {
        let path = folder.appendingPathComponent(name).path
        try made.withLock { made in
            if let known = made[name] {
                guard known == arguments else {
                    throw FixtureError(message: "two recordings are named \(name)")
                }
                return
            }
            let words = arguments.split(separator: " ").map(String.init)
            let output = Program.run(
                "ffmpeg", ["-v", "error", "-y", "-threads", "1"] + words + [path])
            guard output.status == 0 else {
                throw FixtureError(message: "ffmpeg failed for \(name)")
            }
            made[name] = arguments
        }
        return path
    }

    /// Copies an MP4 or MOV file with a display matrix that rotates frames by 0, 90, 180 or 270 degrees,
    /// counter-clockwise.
    ///
    /// The option of `ffmpeg` for this differs between versions.
    static func rotated(_ plain: String, as name: String, by degrees: Int) throws -> String {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: plain))
        guard let header = bytes.range(of: Data("tkhd".utf8)) else {
            throw FixtureError(message: "no track header in \(plain)")
        }
        let (cosine, sine): (Int, Int) =
            [90: (0, 1), 180: (-1, 0), 270: (0, -1)][degrees] ?? (1, 0)
        let matrix: [UInt8] = [cosine, -sine, 0, sine, cosine].flatMap {
            [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0), 0, 0]
        }
        let start = header.lowerBound + 44
        bytes.replaceSubrange(start..<(start + matrix.count), with: matrix)
        return try write(name, bytes)
    }

    /// Writes a file.
    static func write(_ name: String, _ bytes: Data) throws -> String {
        let url = folder.appendingPathComponent(name)
        try bytes.write(to: url)
        return url.path
    }

    /// Timestamps of all frames by `ffprobe`.
    static func timestamps(_ path: String) -> [Int64] {
        let output = Program.run(
            "ffprobe",
            [
                "-v", "quiet", "-select_streams", "V:0", "-show_entries",
                "frame=best_effort_timestamp", "-of", "csv=p=0", path,
            ])
        return String(decoding: output.text, as: UTF8.self).split(separator: "\n").compactMap {
            Int64($0.split(separator: ",").first ?? "")
        }
    }

    /// Samples of all frames as decoded and rotated by the `ffmpeg` program, concatenated.
    static func samples(_ path: String, _ more: [String] = []) -> Data {
        Program.run(
            "ffmpeg",
            ["-v", "quiet", "-i", path, "-map", "0:V:0", "-fps_mode", "passthrough"] + more
                + ["-sws_flags", "bicubic+accurate_rnd+bitexact", "-f", "rawvideo", "-"]
        ).text
    }

    struct FixtureError: Error {
        let message: String
    }
}

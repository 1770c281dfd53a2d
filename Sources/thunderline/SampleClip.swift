import Foundation
import Pipeline

/// The sample recording.
enum SampleClip {
    private static let name = "road-day.mp4"

    /// Path of the sample in `Samples` of the current folder or above the program, or in an installation's `share`.
    static func path() throws -> String {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        var folders = ["Samples"]
        var folder = program.deletingLastPathComponent()
        for _ in 0..<4 {
            folders.append(folder.appendingPathComponent("Samples").path)
            folders.append(folder.appendingPathComponent("share/thunderline/samples").path)
            folder = folder.deletingLastPathComponent()
        }
        for folder in folders where FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
            return "\(folder)/\(name)"
        }
        throw failure(
            .notFound,
            "The sample \(name) was not found in \(folders.joined(separator: ", ")); name a recording."
        )
    }
}

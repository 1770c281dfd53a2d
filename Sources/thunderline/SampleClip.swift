import Foundation
import Pipeline

/// Where the sample recording may be.
enum SampleClip {
    private static let name = "road-day.mp4"

    /// The first place that has it: the current folder's `Samples`, those above the program, an installation's `share`.
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

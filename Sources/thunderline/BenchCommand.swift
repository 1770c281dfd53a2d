import ArgumentParser
import Flow
import Foundation
import Pipeline

/// `thunderline bench`: what this machine can do.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures rates and latencies on a recording, each named by what it counts.",
        discussion: """
            Three passes: decoding alone; decoding, detecting and tracking; the whole line with drawing and
            encoding. Without a source the sample is used. Percentiles are refused where there are too few frames.

            Examples:
              thunderline bench
              thunderline bench drive.mp4 --duration 60s --json
            """)

    @Argument(help: "A recording; the sample by default.", completion: .file())
    var source: String?
    @OptionGroup var model: ModelOptions
    @Option(help: ArgumentHelp("Use this much of the recording.", valueName: "time"))
    var duration: String?
    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        StopSignal.installHandlers()
        var description = try model.description()
        if let duration { try description.apply([("input.duration", [duration])]) }
        description.input.sources = [try source ?? SampleClip.path()]
        let console = Console(isQuiet: json, isTerminal: isatty(STDERR_FILENO) == 1)
        do throws(RunError) {
            let report = try BenchRun(description, console: console, stop: .interrupt).run()
            print(json ? report.json : report.text)
        } catch {
            throw failure(error.reason, error.message)
        }
    }
}

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

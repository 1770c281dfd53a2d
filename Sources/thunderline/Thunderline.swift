import ArgumentParser
import Foundation
import Pipeline
import Video

/// The program: its subcommands, each in its own file.
@main
struct Thunderline: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thunderline",
        abstract: "Detects and tracks vehicles and people in video.",
        discussion: """
            Reads recordings and cameras, detects vehicles and people, tracks their identities, and writes annotated \
            video, results, events and recordings.

              thunderline detect drive.mp4 -o seen.mp4
              thunderline live rtsp://camera/stream
              thunderline run Pipelines/dashcam.yaml --set input.sources=drive.mp4
              thunderline bench

            Exit codes:
            \(exitCodes)
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(name: "Watch", subcommands: [DetectCommand.self, LiveCommand.self]),
            CommandGroup(name: "Pipeline File", subcommands: [RunCommand.self, CheckCommand.self]),
            CommandGroup(
                name: "Inspect",
                subcommands: [ProbeCommand.self, EventsCommand.self, ZonesCommand.self]),
            CommandGroup(name: "Measure", subcommands: [BenchCommand.self, EvalCommand.self]),
            CommandGroup(
                name: "Model",
                subcommands: [ModelsCommand.self, QuantizeCommand.self, ExportCommand.self]),
            CommandGroup(name: "Train", subcommands: [TrainCommand.self, DatasetCommand.self]),
        ])

    /// Runs the command of the arguments; an error in them is printed without secrets of addresses or characters
    /// that steer a terminal, since shells put names of files there.
    static func main() {
        ClosedStandardFiles.occupy()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            if code.isSuccess {
                StandardOutput.write(text + "\n")
            } else if !text.isEmpty {
                try? FileHandle.standardError.write(
                    contentsOf: Data((visibleLines(redacted(text)) + "\n").utf8))
            }
            Foundation.exit(code.rawValue)
        }
    }

    /// Checks the environment variables before any work, like options.
    func validate() throws { try ProgramEnvironment.validate() }

    private static let exitCodes = ExitReason.allCases
        .map { "  \($0.rawValue)  \($0.meaning)" }.joined(separator: "\n")
}

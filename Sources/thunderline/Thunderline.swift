import ArgumentParser
import Pipeline

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
            CommandGroup(name: "Inspect", subcommands: [ProbeCommand.self]),
            CommandGroup(name: "Measure", subcommands: [BenchCommand.self, EvalCommand.self]),
            CommandGroup(
                name: "Model",
                subcommands: [ModelsCommand.self, QuantizeCommand.self, ExportCommand.self]),
            CommandGroup(name: "Train", subcommands: [TrainCommand.self, DatasetCommand.self]),
        ])

    /// Checks the environment variables before any work, like options.
    func validate() throws { try ProgramEnvironment.validate() }

    private static let exitCodes = ExitReason.allCases
        .map { "  \($0.rawValue)  \($0.meaning)" }.joined(separator: "\n")
}

import ArgumentParser
import Foundation
import Pipeline
import Tensors

/// The program: a list of subcommands, each in its own file.
@main
struct Thunderline: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thunderline",
        abstract: "Watches video and says what is in it.",
        discussion: """
            Reads recordings and cameras, finds vehicles and people, keeps their identities, draws them,
            and writes the same recording with boxes on it.

              thunderline detect drive.mp4 -o seen.mp4
              thunderline live rtsp://camera/stream
              thunderline run Pipelines/dashcam.yaml --set input.sources=drive.mp4
              thunderline bench

            Exit codes:
            \(exitCodes)
            """,
        version: Version.text,
        subcommands: [
            DetectCommand.self, LiveCommand.self, RunCommand.self, CheckCommand.self,
            BenchCommand.self, EvalCommand.self, ProbeCommand.self, ModelsCommand.self,
            QuantizeCommand.self, ExportCommand.self, DatasetCommand.self,
        ])

    /// Finds a wrong variable of the environment before any work, as a wrong option would be.
    func validate() throws {
        do throws(PlanError) {
            _ = try InstructionSet.limited(
                by: ProcessInfo.processInfo.environment["THUNDERLINE_CPU"])
        } catch {
            throw ValidationError(error.description)
        }
    }

    private static let exitCodes = ExitReason.allCases
        .map { "  \($0.rawValue)  \($0.meaning)" }.joined(separator: "\n")
}

import ArgumentParser
import Flow
import Foundation
import Pipeline

/// `thunderline detect`: video in, annotated video out.
struct DetectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect",
        abstract: "Finds and follows objects in recordings, images and cameras.",
        discussion: """
            Examples:
              thunderline detect drive.mp4 -o seen.mp4
              thunderline detect drive.mp4 --no-video --results drive.csv --classes car
              thunderline detect trip/ -o seen/ --results seen/{name}.csv --skip-existing
              thunderline detect --join trip/2024*.mp4 -o trip.mp4
              thunderline detect rtsp://camera/stream --for 60s -o minute.mp4
            """)

    @OptionGroup var options: DetectOptions

    func run() throws {
        try Self.run(try options.description())
    }

    /// Does what a description says; both the command line and pipeline files end here.
    static func run(_ description: DetectDescription) throws {
        StopSignal.installHandlers()
        let console = Console(
            isQuiet: description.isQuiet, isTerminal: isatty(STDERR_FILENO) == 1)
        let report: RunReport
        do throws(RunError) {
            report = try DetectRun(description, console: console, stop: .interrupt).run()
        } catch {
            throw failure(error.reason, error.message)
        }
        if let failure = report.failure { console.complain(failure.message) }
        if let summary = report.summary { console.say(summary) }
        if report.reason != .done { throw ExitCode(report.reason.rawValue) }
    }
}

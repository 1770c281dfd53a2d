import ArgumentParser
import Configuration
import Flow
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

    /// Refuses what the options say here, where the parser adds this command's own usage.
    func validate() throws { _ = try options.description() }

    func run() throws {
        try Self.run(try options.description())
    }

    /// Does what a description says; both the command line and pipeline files end here.
    static func run(_ description: DetectDescription) throws {
        let reason = try perform(isQuiet: description.isQuiet) { console throws(RunError) in
            let report = try DetectRun(
                description.inProgramEnvironment, console: console, stop: .interrupt
            ).run()
            if let failure = report.failure { console.complain(failure.message) }
            if let summary = report.summary { console.say(summary) }
            return report.reason
        }
        if reason != .done { throw ExitCode(reason.rawValue) }
    }
}

import ArgumentParser
import Configuration
import Flow
import Live
import Pipeline

/// `thunderline live`: cameras, watched for as long as they last.
struct LiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Watches cameras: never stale, never stuck.",
        discussion: """
            Each camera is read on its own thread and connected again whenever it is lost; all share the detectors.
            Ends by Ctrl-C, SIGTERM or --for.

            Examples:
              thunderline live rtsp://camera/stream
              thunderline live front=rtsp://10.0.0.2/1 yard=rtsp://10.0.0.3/1 --classes person,car --for 1h
              thunderline live Pipelines/cameras.yaml
            """)

    @OptionGroup var options: LiveOptions

    /// Refuses what the options say here, where the parser adds this command's own usage.
    func validate() throws {
        if options.file == nil { _ = try options.description() }
    }

    func run() throws {
        if let file = options.file {
            let content = try PipelineFile.load(file, options.overrides).content
            guard case .live(let description) = content else {
                throw failure(.usage, "\(file): it is no definition for live; use thunderline run.")
            }
            return try Self.run(description)
        }
        try Self.run(try options.description())
    }

    /// Does what a description says; both the command line and pipeline files end here.
    static func run(_ description: LiveDescription) throws {
        let reason = try perform(isQuiet: description.isQuiet) { console throws(RunError) in
            let report = try LiveRun(
                description.inProgramEnvironment, console: console, stop: .interrupt
            ).run()
            if let failure = report.failure { console.complain(failure.message) }
            for line in report.closing { console.say(line) }
            return report.reason
        }
        if reason != .done { throw ExitCode(reason.rawValue) }
    }
}

import ArgumentParser
import Configuration
import Flow
import Live
import Pipeline

/// `thunderline live`: watches cameras continuously.
struct LiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Watches cameras continuously: events, recordings, a page, metrics.",
        discussion: """
            Each camera is read on its own thread and reconnected whenever it is lost; all share the detectors. \
            The run ends by Ctrl-C, SIGTERM or --for.

            Examples:
              thunderline live rtsp://camera/stream
              thunderline live front=rtsp://10.0.0.2/1 yard=rtsp://10.0.0.3/1 --classes person,car --for 1h
              thunderline live Pipelines/cameras.yaml
            """)

    @OptionGroup var options: LiveOptions
    /// The options as read by ``validate()``; nil where a pipeline file is given.
    private var description: LiveDescription?

    private enum CodingKeys: CodingKey { case options }

    /// Reads the options once; an error is printed with the usage of this command.
    mutating func validate() throws {
        if options.file == nil { description = try options.description() }
    }

    func run() throws {
        if let description { return try Self.run(description) }
        guard let file = options.file else { return }
        guard case .live(let description) = try PipelineFile.load(file, options.overrides).content
        else {
            throw failure(.usage, "\(file): its command is not live; use thunderline run.")
        }
        try Self.run(description)
    }

    /// Runs a description from a command line or a pipeline file.
    static func run(_ description: LiveDescription) throws {
        try performRun(isQuiet: description.isQuiet) { console throws(RunError) in
            let report = try LiveRun(
                description.inProgramEnvironment, environment: ProgramEnvironment.variables,
                console: console, stop: .interrupt
            ).run()
            return RunEnd(failure: report.failure, lines: report.closing, reason: report.reason)
        }
    }
}

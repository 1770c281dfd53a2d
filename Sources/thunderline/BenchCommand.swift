import ArgumentParser
import Bench
import Configuration
import Flow
import Pipeline
import ThunderNet

/// `thunderline bench`: what this machine can do.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures rates and latencies, each named by what it counts.",
        discussion: """
            Without a scenario there are three passes over a recording: decoding alone; decoding, detecting and
            tracking; the whole line with drawing and encoding. A scenario, named as MLPerf Inference names it,
            measures network, detector and pipeline apart: single-stream (one picture after the other),
            multi-stream (--streams pictures at once), offline (all at once), live (--fps pictures a second,
            answered or not). network measures the bare network on random numbers. Percentiles are refused
            where there are too few frames. Beside the speed stands the average precision of what was timed:
            measured on --dataset, or the model card's figure.

            Examples:
              thunderline bench
              thunderline bench drive.mp4 --duration 60s --json
              thunderline bench single-stream drive.mp4 --threads 2 --profile
              thunderline bench live --fps 25 drive.mp4 --json > old.json
              thunderline bench live --fps 25 drive.mp4 --compare old.json
              thunderline bench offline drive.mp4 --precision int8 --dataset annotations.json
              thunderline bench network --backbone snet49 --input 320x320 --threads 1 --json
            """)

    @OptionGroup var options: BenchOptions

    /// Refuses what the options say here, where the parser adds this command's own usage.
    func validate() throws { _ = try options.description() }

    func run() throws {
        let description = try options.description()
        if options.serve || options.check || options.export != nil {
            return try NetworkPeer.run(
                description.inProgramEnvironment.model, pictures: options.pictures,
                export: options.export,
                check: options.check, serve: options.serve)
        }
        try Self.run(description)
    }

    /// Measures what a description says; both the command line and pipeline files end here.
    static func run(_ description: DetectDescription) throws {
        var description = description.inProgramEnvironment
        let bench = description.bench
        if bench.scenario != .network && description.input.sources.isEmpty {
            description.input.sources = [try SampleClip.path()]
        }
        let command = ["thunderline"] + CommandLine.arguments.dropFirst()
        try perform(isQuiet: bench.json) { [description] console throws(RunError) in
            if bench.scenario == .stages {
                let report = try BenchRun(
                    description, command: command, console: console, stop: .interrupt
                ).run()
                print(bench.json ? report.json : report.text)
            } else {
                let outcome = try ScenarioRun(
                    description, command: command, console: console, stop: .interrupt
                ).run()
                print(bench.json ? outcome.json : outcome.text)
            }
        }
    }
}

import ArgumentParser
import Bench
import Configuration
import Flow
import Pipeline
import ThunderNet

/// `thunderline bench`: throughput and latency on this machine.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures throughput and latency on this machine.",
        discussion: """
            Without a scenario, three passes over a recording are measured: decoding alone; decoding, detection and \
            tracking; the whole pipeline with drawing and encoding. A scenario, named after MLPerf Inference, measures \
            network, detector and pipeline separately: single-stream (one frame after the other), multi-stream \
            (--streams frames at once), offline (all at once), live (--fps frames per second, answered or not). \
            network measures the bare network on random numbers. A percentile needs a minimum number of samples and \
            is left out below it. The report states the average precision of what was measured: on --dataset, or \
            the figure of the model card.

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

    /// The options as read by ``validate()``.
    private var description = BenchDescription()

    private enum CodingKeys: CodingKey { case options }

    /// Reads the options once; an error is printed with the usage of this command.
    mutating func validate() throws { description = try options.description() }

    func run() throws {
        if options.serve || options.check || options.export != nil {
            return try NetworkPeer.run(
                description.inProgramEnvironment.run.model, pictures: options.pictures,
                export: options.export,
                check: options.check, serve: options.serve)
        }
        try Self.run(description)
    }

    /// Runs a description from a command line or a pipeline file.
    static func run(_ description: BenchDescription) throws {
        var bench = description.inProgramEnvironment
        if bench.scenario != .network && bench.run.input.sources.isEmpty {
            bench.run.input.sources = [try SampleClip.path()]
        }
        let command = ["thunderline"] + CommandLine.arguments.dropFirst()
        try perform(isQuiet: bench.json) { [bench] console throws(RunError) in
            if bench.scenario == .stages {
                let report = try StagesRun(
                    bench, command: command, console: console, stop: .interrupt
                ).run()
                print(bench.json ? report.json : report.text)
            } else {
                let outcome = try ScenarioRun(
                    bench, command: command, console: console, stop: .interrupt
                ).run()
                print(bench.json ? outcome.json : outcome.text)
            }
        }
    }
}

import ArgumentParser
import Configuration
import Pipeline

/// `thunderline run`: runs a pipeline file.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a pipeline file.",
        discussion: """
            Examples:
              thunderline run Pipelines/dashcam.yaml --set input.sources=drive.mp4
              thunderline run mine.yaml --set output.crf=18 --set output.overwrite=true
            """)

    @Argument(help: "A pipeline file; - is standard input.", completion: .file())
    var file: String
    @Option(name: .customLong("set"), help: "key=value, applied after the file; repeatable.")
    var overrides: [String] = []

    func run() throws {
        switch try PipelineFile.load(file, overrides).content {
        case .detect(let description): try DetectCommand.run(description)
        case .bench(let description): try BenchCommand.run(description)
        case .live(let description): try LiveCommand.run(description)
        case .train(let description): try TrainCommand.run(description)
        }
    }
}

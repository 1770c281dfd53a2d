import ArgumentParser
import Bench
import Configuration
import Flow
import Pipeline

/// `thunderline eval`: the accuracy of a model.
struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Measures a model's average precision on annotated pictures.",
        discussion: """
            Reads COCO JSON, folders of Pascal VOC XML, and YOLO (data.yaml:val is one part of it). Image paths are relative to the data set's file. The report has the average precision of COCO \
            (100 detections, IoU 0.5 to 0.95) and of VOC (IoU 0.5).

            Examples:
              thunderline eval annotations.json
              thunderline eval annotations.json --model mine.safetensors --input 512x288 --json
            """)

    @Argument(help: "A data set: COCO JSON, a VOC folder, a YOLO data.yaml.", completion: .file())
    var dataset: String
    @OptionGroup var model: ModelOptions
    @Option(help: SettingHelp.text("model.threads"))
    var threads: String?
    @Flag(help: "Print one JSON object.")
    var json = false

    /// The options of the model as read by ``validate()``.
    private var choice = ModelChoice()

    private enum CodingKeys: CodingKey { case dataset, model, threads, json }

    /// Reads the options once; an error is printed with the usage of this command.
    mutating func validate() throws { choice = try model.choice(threads: threads) }

    func run() throws {
        try perform(isQuiet: json) { console throws(RunError) in
            let report = try Evaluation(dataset: dataset, model: choice.inProgramEnvironment)
                .run(console: console, stop: .interrupt)
            print(json ? report.json : report.text)
        }
    }
}

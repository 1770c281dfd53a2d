import ArgumentParser
import Bench
import Configuration
import Flow
import Pipeline

/// `thunderline eval`: the accuracy of a model.
struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Measures a model's average precision on a COCO-format data set.",
        discussion: """
            Image paths are relative to the data set's file. The report has the average precision of COCO \
            (100 detections, IoU 0.5 to 0.95) and of VOC (IoU 0.5).

            Examples:
              thunderline eval annotations.json
              thunderline eval annotations.json --model mine.safetensors --input 512x288 --json
            """)

    @Argument(help: "A COCO-format JSON file.", completion: .file())
    var dataset: String
    @OptionGroup var model: ModelOptions
    @Flag(help: "Print one JSON object.")
    var json = false

    /// The options of the model as read by ``validate()``.
    private var choice = ModelChoice()

    private enum CodingKeys: CodingKey { case dataset, model, json }

    /// Reads the options once; an error is printed with the usage of this command.
    mutating func validate() throws { choice = try model.choice() }

    func run() throws {
        try perform(isQuiet: json) { console throws(RunError) in
            let report = try Evaluation(dataset: dataset, model: choice.inProgramEnvironment)
                .run(console: console, stop: .interrupt)
            json ? sayJSON(report.json) : say(report.text)
        }
    }
}

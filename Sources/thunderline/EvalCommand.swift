import ArgumentParser
import Flow
import Pipeline

/// `thunderline eval`: how well a model sees.
struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Measures a model's average precision on annotated pictures.",
        discussion: """
            Reads COCO JSON, folders of Pascal VOC XML, and YOLO (data.yaml:val is one part of it). Image paths are
            relative to the data set's file. COCO's measure (100 detections, IoU 0.5 to 0.95) and VOC's (IoU 0.5)
            are printed.

            Examples:
              thunderline eval annotations.json
              thunderline eval annotations.json --model mine.safetensors --input 512x288 --json
            """)

    @Argument(help: "A data set: COCO JSON, a VOC folder, a YOLO data.yaml.", completion: .file())
    var dataset: String
    @OptionGroup var model: ModelOptions
    @Flag(help: "Print one JSON object.")
    var json = false

    /// Refuses what the options say here, where the parser adds this command's own usage.
    func validate() throws { _ = try model.description() }

    func run() throws {
        let choice = try model.description().model
        try perform(isQuiet: json) { console throws(RunError) in
            let report = try Evaluation(dataset: dataset, model: choice)
                .run(console: console, stop: .interrupt)
            print(json ? report.json : report.text)
        }
    }
}

import ArgumentParser
import Flow
import Foundation
import Pipeline

/// `thunderline quantize`: a model calibrated for narrow numbers.
struct QuantizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize",
        abstract: "Calibrates a model for 8 bits and measures what narrow numbers cost.",
        discussion: """
            Shows the model pictures of the kind that it will see, finds out which products stand 8 bits, and writes
            the model with that knowledge. With a data set it also measures the average precision of float32,
            bfloat16 and 8 bits; `--precision auto` takes only what was measured and found good: a loss of at most
            0.001 for bfloat16 and 0.005 for 8 bits.

            Examples:
              thunderline quantize pictures/ drive.mp4 -o quantized.safetensors
              thunderline quantize pictures/ --dataset annotations.json --model mine.safetensors -o mine-8.safetensors
            """)

    @Argument(
        help: "Images, videos, folders, patterns or @lists to calibrate with.", completion: .file())
    var sources: [String]
    @Option(help: SettingHelp.text("model.name"), completion: .file())
    var model = "driving"
    @Option(
        help: "A data set to measure on: COCO JSON, a VOC folder, a YOLO data.yaml.",
        completion: .file())
    var dataset: String?
    @OptionGroup var target: OutputFileOptions

    func run() throws {
        try target.check()
        let output = target.output
        try perform { console throws(RunError) in
            let report = try Quantization(sources: sources, model: model, dataset: dataset)
                .run(to: output, console: console, stop: .interrupt)
            print("\(report.narrowed) of \(report.products) products in 8 bits")
            for (precision, value) in report.averagePrecisions {
                print("\(precision): AP \(value.map { String(format: "%.4f", $0) } ?? "–")")
            }
            print("The calibrated model is \(output)")
        }
    }
}

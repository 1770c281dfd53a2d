import ArgumentParser
import Bench
import Datasets
import Flow
import Foundation
import Pipeline

/// `thunderline quantize`: a model calibrated for 8 bits.
struct QuantizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize",
        abstract: "Calibrates a model for 8 bits and measures the loss of accuracy.",
        discussion: """
            Runs the model on images of the kind it will be used for, determines the layers that tolerate 8 bits, and \
            writes the model with that calibration. With a data set it also measures the average precision in float32, \
            bfloat16 and 8 bits. `--precision auto` uses an arithmetic only when its measured loss is at most 0.001 \
            for bfloat16 and 0.005 for 8 bits.

            Examples:
              thunderline quantize images/ drive.mp4 -o quantized.safetensors
              thunderline quantize images/ --dataset annotations.json --model mine.safetensors -o mine-8.safetensors
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
    @Flag(help: "Round the weights to half precision first, which halves the file.")
    var half = false
    @OptionGroup var target: OutputFileOptions

    func run() throws {
        let output = target.output
        try target.check(apartFrom: inputs)
        try perform { console throws(RunError) in
            try checkOutputs([output], apartFrom: SourceList.expand(sources).map(\.source))
            let report = try Quantization(
                sources: sources, model: model, dataset: dataset, roundsToHalf: half,
                environment: ProgramEnvironment.inference
            ).run(
                to: output, overwrite: target.overwrite, console: console, stop: .interrupt)
            say("\(report.quantized) of \(report.layers) layers in 8 bits")
            for (precision, value) in report.averagePrecisions {
                say("\(precision): AP \(value.map { String(format: "%.4f", $0) } ?? "–")")
            }
            say("wrote \(output)")
        }
    }

    /// Files that are read, apart from those of folders, patterns and lists.
    private var inputs: [String] {
        let lists = sources.filter { $0.hasPrefix("@") }.map { String($0.dropFirst()) }
        return lists + [model] + (dataset.map { [DatasetSource(argument: $0).path] } ?? [])
    }
}

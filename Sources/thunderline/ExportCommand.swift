import ArgumentParser
import Bench
import Configuration
import Foundation
import Pipeline
import Tensors
import ThunderNet
import Video

/// `thunderline export`: the network as ONNX.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a network, up to its raw heads, as ONNX.",
        discussion: """
            The outputs are objectness, deltas and attended features; the second stage is not part of the file. \
            A backbone's name gives a network with random weights, for comparisons of speed.

            Examples:
              thunderline export --backbone snet49 --input 320x320 -o snet49.onnx
              thunderline export --model driving -o driving.onnx
            """)

    @Option(
        help: "A backbone's name, such as snet49; weights are random.",
        completion: .list(BackboneCatalog.names))
    var backbone: String?
    @Option(
        help: "A shipped model's name or a model file; driving by default.", completion: .file())
    var model: String?
    @Option(help: SettingHelp.text("model.input"))
    var input: String?
    @OptionGroup var target: OutputFileOptions

    /// Size of the input as read by ``validate()``; nil for the model's own.
    private var size: PictureSize?

    private enum CodingKeys: CodingKey { case backbone, model, input, target }

    mutating func validate() throws {
        guard backbone == nil || model == nil else {
            throw ValidationError("--backbone and --model exclude each other.")
        }
        try ModelOptions.checkBackbone(backbone)
        let given = input.map { [(key: "model.input", texts: [$0])] } ?? []
        size = try DetectDescription(given).model.inputSize
    }

    func run() throws {
        try target.check(apartFrom: [model].compactMap { $0 })
        let output = target.output
        let bytes: [UInt8]
        do throws(ModelError) {
            let model = try ProgramEnvironment.inference.catalog.model(
                backbone ?? model ?? ModelCatalog.defaultName)
            let own = model.description.input
            let graph = try model.description.graph(
                width: size?.width ?? own.width, height: size?.height ?? own.height)
            bytes = try graph.body.onnx(model.weights, name: model.description.name)
        } catch {
            throw failure(.model, error.description)
        }
        do throws(VideoError) {
            let file = try GrowingFile(output, overwrite: target.overwrite)
            do throws(VideoError) {
                try file.append(bytes)
                try file.finish()
            } catch {
                file.abandon()
                throw error
            }
        } catch {
            throw failure(ExitReason(error.kind), error.message)
        }
        say("wrote \(output), \(bytes.count) bytes")
    }
}

import ArgumentParser
import Configuration
import Flow
import Foundation
import Pipeline
internal import ThunderNet
import Training

/// `thunderline train`: trains a detector by a recipe.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Trains a detector by a recipe.",
        discussion: """
            Checks the recipe and its data sets, decodes all images into a store, and starts thunderline-train, which \
            needs libtorch: bash Samples/train/libtorch.sh and a build with --traits Training. Ctrl-C and SIGTERM save \
            the run; --resume continues it. The folder of the run holds best.safetensors, the model.

            Examples:
              thunderline train Pipelines/train/driving.yaml
              thunderline train mine.yaml --time 3h --set model.backbone=snet49
              thunderline train mine.yaml --resume
            """)

    @Argument(help: "A recipe with command: train; - is standard input.", completion: .file())
    var recipe: String
    @Option(name: .customLong("set"), help: "key=value, applied after the file; repeatable.")
    var overrides: [String] = []
    @Option(help: SettingHelp.text("run.output"), completion: .directory)
    var output: String?
    @Option(help: SettingHelp.text("run.epochs"))
    var epochs: String?
    @Option(help: SettingHelp.text("run.time"))
    var time: String?
    @Option(help: SettingHelp.text("run.threads"))
    var threads: String?
    @Option(help: SettingHelp.text("run.device"))
    var device: String?
    @Flag(help: "Continue the run in the output folder.")
    var resume = false
    @Flag(
        help: """
            Check, decode the images and write the folder of the run, but do not train: thunderline-train may \
            then run elsewhere, without FFmpeg, under the same paths.
            """)
    var prepare = false

    func run() throws {
        let given = GivenOption.assignments(of: self, among: TrainSettingTable.all)
            .map { "\($0.key)=\($0.texts.joined(separator: ","))" }
        guard
            case .train(let description) = try PipelineFile.load(recipe, overrides + given).content
        else {
            throw failure(.usage, "\(recipe) is no recipe: it does not say \"command: train\".")
        }
        try Self.run(description, resumes: resume, trains: !prepare)
    }

    /// Trains by a description, or only prepares the run; ends with the exit code of `thunderline-train`.
    static func run(
        _ description: TrainDescription, resumes: Bool = false, trains: Bool = true
    ) throws {
        let code = try perform { console throws(RunError) -> Int32 in
            let trainer = trains ? try TrainerProgram(description.run) : nil
            let recipe = try ResolvedRecipe(description, ProgramEnvironment.inference.catalog)
            let folder = try RunFolder(description.run.folder, resumes: resumes)
            recipe.notices.forEach(console.info)
            let stores = try folder.stores(of: recipe, console)
            try folder.write(recipe.recipe)
            if !resumes { try folder.writeFirstInputs(recipe, stores, console) }
            guard let trainer else {
                let arguments = folder.arguments(stores).joined(separator: " ")
                console.info("Prepared. It is trained by: thunderline-train \(arguments)")
                return 0
            }
            return try trainer.run(folder, stores, resumes: resumes) {
                folder.writeReport(stores, console)
            }
        }
        if code != 0 { throw ExitCode(code) }
    }
}

import ArgumentParser
import Dispatch
import Foundation
import Synchronization
import ThunderNet
import Training

/// Training program; it links libtorch and decodes no images.
@main
struct ThunderlineTrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thunderline-train",
        abstract: "Trains a detector from a resolved recipe and stores of decoded images.",
        discussion: """
            Started by thunderline train, which reads recipes and decodes images. SIGTERM and Ctrl-C save the run and
            end it; --resume continues it.
            """)

    @Argument(help: "The resolved recipe, a JSON file.", completion: .file())
    var recipe: String
    @Argument(help: "The store of the training images.", completion: .file())
    var store: String
    @Argument(help: "The store of the held-out images for evaluations.", completion: .file())
    var heldOut: String?
    @Option(help: "The folder of the run.", completion: .directory)
    var output = "training"
    @Option(help: "Number of threads per operation.")
    var threads: Int?
    @Option(help: "cpu, cuda, or auto for CUDA where libtorch finds a device.")
    var device = Device.auto
    @Flag(help: "Resume from the checkpoint in the folder of the run.")
    var resume = false

    /// Device of libtorch's computation.
    enum Device: String, ExpressibleByArgument, CaseIterable {
        case auto
        case cpu
        case cuda
    }

    func run() throws {
        do {
            guard TorchLibrary.isAvailable else { throw TorchError.missing }
            try train()
        } catch let code as ExitCode {
            throw code
        } catch {
            report("thunderline-train: \(error)")
            throw ExitCode(1)
        }
    }

    private func train() throws {
        var recipe = try TrainingRecipe(json: Data(contentsOf: URL(fileURLWithPath: recipe)))
        let usesCUDA = device == .cuda || device == .auto && TorchLibrary.devices > 0
        if usesCUDA {
            try TorchLibrary.useCUDA()
            recipe.reading = recipe.reading.forCUDA
        }
        let model = try recipe.description()
        let store = try PictureStore(path: store)
        let set = TrainingSet(
            try recipe.training.read(classes: model.classes), stored: store.pictures)
        if set.damaged > 0 { report("\(set.damaged) damaged images are left out") }
        let stop = StopRequest()
        var parts = TrainerParts(
            batches: StoreBatches(
                set, store, recipe, model.input.normalization, isDrawn: !usesCUDA),
            rule: RecipeRule(recipe, model), report: report, isStopped: { stop.isMade })
        if usesCUDA {
            parts.pictures = try TorchPictures(set, store, model.input.normalization)
        }
        if let heldOut {
            let store = try PictureStore(path: heldOut)
            let sets = try recipe.held.read(classes: model.classes)
            let pictures = HeldOutPictures(TrainingSet(sets, stored: store.pictures), store)
            parts.evaluate = { try pictures.evaluation(of: $0) }
        }
        let trainer = try Trainer(
            recipe, folder: URL(fileURLWithPath: output), resumes: resume, threads: threads,
            parts: parts)
        report(
            "libtorch \(TorchLibrary.version), \(usesCUDA ? "CUDA" : TorchLibrary.processor), "
                + "\(TorchLibrary.threads) threads, \(set.pictures.count) images")
        let ending = try trainer.run()
        report("\(ending.rawValue) after \(trainer.state.pictures) images")
    }
}

/// Writes a line to standard error.
func report(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data("\(line)\n".utf8))
}

/// Handler of SIGTERM and SIGINT.
struct StopRequest {
    /// Flag set by the signal handlers.
    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }

    private let flag = Flag()
    private let sources: [any DispatchSourceSignal]

    /// True after a signal arrived.
    var isMade: Bool { flag.isSet.load(ordering: .relaxed) }

    init() {
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for source in sources {
            source.setEventHandler { [flag] in flag.isSet.store(true, ordering: .relaxed) }
            source.resume()
        }
    }
}

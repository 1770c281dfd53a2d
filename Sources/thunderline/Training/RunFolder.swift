import Configuration
import Datasets
import Flow
import Foundation
import Pipeline
import Training

/// The stores of decoded images of one run.
struct ImageStores {
    /// Path of the training images.
    var training: String
    /// Path of the held-out images; nil without any.
    var heldOut: String?
}

/// The folder of a training run.
struct RunFolder {
    /// The folder.
    let url: URL

    /// The resolved recipe.
    var recipe: URL { url.appendingPathComponent("resolved.json") }
    /// The latest evaluation, written by `thunderline-train`.
    var evaluation: URL { url.appendingPathComponent("evaluation.json") }
    private var state: URL { url.appendingPathComponent("run.safetensors") }

    /// Creates the folder, or checks that it holds the run to continue.
    ///
    /// - Throws: A `RunError` where there is another run, none to continue, or where the folder cannot be made.
    init(_ path: String, resumes: Bool) throws(RunError) {
        url = URL(fileURLWithPath: path, isDirectory: true)
        let holdsRun = FileManager.default.fileExists(atPath: state.path)
        if holdsRun && !resumes {
            throw RunError(
                .notWritable,
                "\(path) holds a training run. Continue it with --resume, or name another folder with --output."
            )
        }
        if resumes && !holdsRun {
            throw RunError(.notFound, "\(path) holds no training run to continue.")
        }
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw RunError("Creating \(path)", writing: error)
        }
    }

    /// Arguments of `thunderline-train` for this run.
    func arguments(_ stores: ImageStores) -> [String] {
        [recipe.path, stores.training] + [stores.heldOut].compactMap(\.self)
            + ["--output", url.path]
    }

    /// Writes the recipe.
    func write(_ recipe: TrainingRecipe) throws(RunError) {
        do {
            try Data(recipe.json.utf8).write(to: self.recipe, options: .atomic)
        } catch {
            throw RunError("Writing \(self.recipe.path)", writing: error)
        }
    }

    /// Decodes all images into stores, or opens those of an earlier start.
    func stores(of recipe: ResolvedRecipe, _ console: Console) throws(RunError) -> ImageStores {
        // Twice the largest input, so that crops keep their detail.
        let largest = recipe.recipe.sizes.reduce(into: PictureExtent(width: 0, height: 0)) {
            $0.width = max($0.width, 2 * $1.width)
            $0.height = max($0.height, 2 * $1.height)
        }
        let shape = StoreShape.within(largest)
        let training = try store("train", recipe.training, shape, console)
        guard !recipe.heldOut.isEmpty else { return ImageStores(training: training) }
        return ImageStores(
            training: training, heldOut: try store("held-out", recipe.heldOut, shape, console))
    }

    private func store(
        _ name: String, _ sets: [AnnotatedSet], _ shape: StoreShape, _ console: Console
    ) throws(RunError) -> String {
        let paths = sets.flatMap { $0.pictures.map(\.path) }
        let file = url.appendingPathComponent("\(name).store").path
        let builder = StoreBuilder(path: file, shape: shape, decoder: VideoPictureDecoder())
        do {
            let store = try builder.store(of: paths) { done in
                console.progress("\(name): \(done) of \(paths.count) images decoded")
                return !StopSignal.interrupt.isRequested
            }
            console.progress("")
            try report(store, name, console)
        } catch let error as RunError {
            throw error
        } catch is CancellationError {
            throw RunError(.interrupted, "Stopped before the images were decoded.")
        } catch let error as TrainingDataError {
            throw RunError(error.isDiskFull ? .diskFull : .notWritable, error.description)
        } catch {
            throw RunError("Writing \(file)", writing: error)
        }
        return file
    }

    private func report(
        _ store: PictureStore, _ name: String, _ console: Console
    ) throws(RunError) {
        let damaged = store.pictures.filter { !$0.isSound }
        let total = store.pictures.count
        console.info("\(name): \(total) images, \(damaged.count) damaged")
        for picture in damaged.prefix(5) { console.info("  \(picture.trouble ?? picture.path)") }
        if damaged.count > 5 { console.info("  … and \(damaged.count - 5) more") }
        guard damaged.count < total else {
            throw RunError(.damaged, "None of the \(name) images can be decoded.")
        }
    }
}

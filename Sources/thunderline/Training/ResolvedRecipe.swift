internal import Bench
import Configuration
import Datasets
import Foundation
import Pipeline
import Tensors
import ThunderNet
import Training

/// A recipe with all that its description leaves open: the model, the classes, the sizes, and its data sets as read.
struct ResolvedRecipe {
    /// The recipe for `thunderline-train`.
    private(set) var recipe: TrainingRecipe
    /// The training sets with the classes of the model.
    let training: [AnnotatedSet]
    /// The held-out sets with the classes of the model.
    let heldOut: [AnnotatedSet]

    /// Sentences on what was odd in the sets.
    var notices: [String] { (training + heldOut).flatMap { $0.notices.map(\.description) } }

    /// Reads the data sets and resolves a description.
    ///
    /// - Throws: A `RunError` that names the setting or file that is wrong.
    init(_ description: TrainDescription, _ catalog: ModelCatalog) throws(RunError) {
        switch description.task {
        case .detection: try self.init(detection: description, catalog)
        case .classification: try self.init(classification: description, catalog)
        }
    }

    /// Reads the data sets and resolves the description of a detector.
    private init(
        detection description: TrainDescription, _ catalog: ModelCatalog
    ) throws(RunError) {
        let start = try StartModel(description.model, catalog)
        let classes = try Self.classes(description)
        let model = try start.description(classes, sets: description.sets)
        training = try Self.read(description.sets, classes)
        heldOut = try Self.read(description.heldOut, classes)
        let sizes = try Self.sizes(
            description.model, width: model.input.width, height: model.input.height)
        recipe = TrainingRecipe(model: model, length: description.run.length, sizes: sizes)
        recipe.start = start.start
        recipe.apply(description)
        recipe.augmentation.pastedClasses = try Self.indices(description.pastedClasses, classes)
    }

    /// Reads the data sets and resolves the description of a classifier.
    private init(
        classification description: TrainDescription, _ catalog: ModelCatalog
    ) throws(RunError) {
        let start = try StartModel(description.model, catalog)
        let sets = try LabelledSets(description)
        (training, heldOut) = (sets.training, sets.heldOut)
        let model = try start.classifier(
            sets.classes, description.classification, sets: description.sets)
        let sizes = try Self.sizes(
            description.model, width: model.input.width, height: model.input.height)
        recipe = TrainingRecipe(
            classifier: model, description.classification, length: description.run.length,
            sizes: sizes)
        recipe.start = start.start
        recipe.apply(description)
    }

    /// The classes that are named, or those of the training sets in the order of their first appearance.
    private static func classes(_ description: TrainDescription) throws(RunError) -> [String] {
        guard description.model.classes.isEmpty else { return description.model.classes }
        var classes: [String] = []
        for set in description.sets {
            do throws(DatasetError) {
                for name in try AnnotatedSet(set.source).classes where !classes.contains(name) {
                    classes.append(name)
                }
            } catch {
                throw RunError(error)
            }
        }
        guard !classes.isEmpty else {
            throw RunError(.usage, "The data sets have no classes: name some in model.classes.")
        }
        return classes
    }

    private static func read(
        _ sets: [SetDescription], _ classes: [String]
    ) throws(RunError) -> [AnnotatedSet] {
        do throws(DatasetError) {
            return try sets.read(classes: classes)
        } catch {
            throw RunError(error)
        }
    }

    private static func sizes(
        _ model: TrainedModel, width: Int, height: Int
    ) throws(RunError) -> [TrainingRecipe.Size] {
        let own = PictureSize(width: width, height: height)
        let sizes = model.sizes.isEmpty ? [own] : model.sizes
        for size in [own] + sizes {
            do throws(ModelError) {
                try ModelDescription.checkInput(width: size.width, height: size.height)
            } catch {
                throw RunError(.usage, error.description)
            }
        }
        return sizes.map { TrainingRecipe.Size(width: $0.width, height: $0.height) }
    }

    private static func indices(
        _ names: [String], _ classes: [String]
    ) throws(RunError) -> Set<Int> {
        var indices: Set<Int> = []
        for name in names {
            guard let index = classes.firstIndex(of: name) else {
                throw RunError(
                    .usage,
                    "augment.paste-classes: there is no class \"\(name)\"; there are \(classes.joined(separator: ", "))."
                )
            }
            indices.insert(index)
        }
        return indices
    }
}

extension TrainingRun {
    fileprivate var length: TrainingRecipe.Length {
        time.map { .seconds($0) } ?? .epochs(epochs ?? 20)
    }
}

extension TrainingRecipe {
    /// Takes over what a description states itself.
    fileprivate mutating func apply(_ description: TrainDescription) {
        training = description.sets
        held = description.heldOut
        batch = description.run.batch
        seed = UInt64(description.run.seed)
        reading = ReadingOptions(description.network, task: description.task)
        losses = description.losses
        targets = description.targets
        augmentation = description.augmentation
        sampling = description.sampling
        proposalsBefore = description.run.proposalsBefore
        proposalsAfter = description.run.proposalsAfter
        optimizer = description.optimizer
        schedule = description.schedule
        evaluation.every = description.run.evaluateEvery
        evaluation.patience = description.run.patience
        checkpointSeconds = description.run.checkpointEvery
    }
}

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
        let start = try StartModel(description.model, catalog)
        let classes = try Self.classes(description)
        let model = try start.description(classes, sets: description.sets)
        training = try Self.read(description.sets, classes)
        heldOut = try Self.read(description.heldOut, classes)
        let length =
            description.run.time.map { TrainingRecipe.Length.seconds($0) }
            ?? .epochs(description.run.epochs ?? 20)
        let sizes = try Self.sizes(description.model, model)
        recipe = TrainingRecipe(model: model, length: length, sizes: sizes)
        recipe.start = start.start
        recipe.apply(description)
        recipe.augmentation.pastedClasses = try Self.indices(description.pastedClasses, classes)
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
        _ model: TrainedModel, _ description: ModelDescription
    ) throws(RunError) -> [TrainingRecipe.Size] {
        let own = PictureSize(width: description.input.width, height: description.input.height)
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

extension TrainingRecipe {
    /// Takes over what a description states itself.
    fileprivate mutating func apply(_ description: TrainDescription) {
        training = description.sets
        held = description.heldOut
        batch = description.run.batch
        seed = UInt64(description.run.seed)
        reading = ReadingOptions(description.network)
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

/// The model that a run starts from, where there is one.
private struct StartModel {
    private let chosen: TrainedModel
    private let former: ModelDescription?
    /// The start as the recipe states it; nil for random weights.
    let start: TrainingRecipe.Start?

    init(_ chosen: TrainedModel, _ catalog: ModelCatalog) throws(RunError) {
        self.chosen = chosen
        if let backbone = chosen.backbone, !BackboneCatalog.names.contains(backbone) {
            throw RunError(
                .usage,
                "model.backbone: \"\(backbone)\" is none of \(BackboneCatalog.names.joined(separator: ", "))."
            )
        }
        guard let name = chosen.start else {
            (former, start) = (nil, nil)
            return
        }
        do throws(ModelError) {
            let url = try catalog.url(of: name)
            former = try ModelFile(contentsOf: url).description
            start = TrainingRecipe.Start(file: url.path, part: chosen.startPart)
        } catch {
            throw RunError(.model, error.description)
        }
    }

    /// The description of the model that is trained.
    func description(
        _ classes: [String], sets: [SetDescription]
    ) throws(RunError) -> ModelDescription {
        guard let backbone = chosen.backbone ?? former?.backbone else {
            throw RunError(
                .usage,
                "model.start has no description, as files of bare backbones have none: name model.backbone."
            )
        }
        var model =
            former
            ?? ModelDescription(
                name: chosen.name, backbone: backbone, classes: classes, width: 512, height: 288)
        (model.name, model.backbone, model.classes) = (chosen.name, backbone, classes)
        if let input = chosen.input {
            (model.input.width, model.input.height) = (input.width, input.height)
        }
        if !chosen.anchorScales.isEmpty {
            model.anchors.scales = chosen.anchorScales.map { Float($0) }
        }
        if let stride = chosen.anchorStride.flatMap({ Int($0.rawValue) }) {
            model.anchors.stride = stride
        }
        // Figures of the start do not apply to what becomes of it.
        model.accuracy = []
        model.lowPrecision = ModelDescription.LowPrecision()
        model.provenance = provenance(sets)
        return model
    }

    /// Data, start and inherited terms.
    private func provenance(_ sets: [SetDescription]) -> [String: String] {
        var provenance: [String: String] = [:]
        provenance["data"] = sets.map(\.path).joined(separator: ", ")
        guard let name = chosen.start else {
            provenance["start"] = "random weights"
            return provenance
        }
        provenance["start"] =
            chosen.startPart == .whole ? name : "\(name), the \(chosen.startPart.rawValue) alone"
        for (key, text) in former?.provenance ?? [:] where key != "start" {
            provenance["start: \(key)"] = text
        }
        return provenance
    }
}

extension ModelFile {
    /// The description of the model; nil for a file of bare weights.
    fileprivate var description: ModelDescription? {
        get throws(ModelError) {
            guard let text = metadata["model"] else { return nil }
            return try ModelDescription(json: text, name: name)
        }
    }
}

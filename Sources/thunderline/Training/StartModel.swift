import Configuration
import Foundation
import Pipeline
import Tensors
import ThunderNet
import Training

/// The model that a run starts from, where there is one.
struct StartModel {
    private let chosen: TrainedModel
    private let former: ModelDescription?
    /// Description of a classifier; nil for another file.
    private let classifier: ClassifierDescription?
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
            (former, classifier, start) = (nil, nil, nil)
            return
        }
        do throws(ModelError) {
            let url = try catalog.url(of: name)
            let file = try ModelFile(contentsOf: url)
            former = try file.description
            classifier = try file.metadata[ClassifierDescription.key].map {
                text throws(ModelError) in try ClassifierDescription(json: text)
            }
            start = TrainingRecipe.Start(file: url.path, part: chosen.startPart)
        } catch {
            throw RunError(.model, error.description)
        }
    }

    /// The description of the model that is trained.
    func description(
        _ classes: [String], sets: [SetDescription]
    ) throws(RunError) -> ModelDescription {
        guard let backbone = chosen.backbone ?? former?.backbone ?? classifier?.backbone else {
            throw RunError(
                .usage,
                "model.start has no description, as files of bare backbones have none: name model.backbone."
            )
        }
        var model =
            former
            ?? ModelDescription(
                name: chosen.name, backbone: backbone, classes: classes, width: 512, height: 288)
        if let classifier {
            (model.unit, model.input.normalization) = (
                classifier.unit, classifier.input.normalization
            )
        }
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

    /// The description of the classifier that is trained.
    func classifier(
        _ classes: [String], _ options: ClassificationOptions, sets: [SetDescription]
    ) throws(RunError) -> ClassifierDescription {
        let input = chosen.input ?? PictureSize(width: 224, height: 224)
        var model = ClassifierDescription(
            name: chosen.name, backbone: chosen.backbone ?? "", classes: classes,
            width: input.width, height: input.height)
        if let unit = former?.unit ?? classifier?.unit { model.unit = unit }
        model.stemStride = options.stemStride
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
        for (key, text) in former?.provenance ?? classifier?.provenance ?? [:] where key != "start"
        {
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

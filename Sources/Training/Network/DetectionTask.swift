internal import Configuration
internal import Datasets
internal import Foundation
internal import Scene
internal import Tensors
internal import ThunderNet

/// Training of a detector: forward pass, targets and the losses of both stages.
final class DetectionTask: TrainingTask {
    let network: DetectorNetwork
    private let losses: DetectorLosses
    private let rule: any TargetRule
    private let pictures: TorchPictures?
    private let evaluate: ((Model) throws -> EvaluationRecord)?
    /// Paths of the held-out sets.
    private let held: String
    private let proposalDescription: ModelDescription
    private var proposals: [TrainingRecipe.Size: Proposals] = [:]

    /// Creates a task; `pictures` draws batches that have no pixels, `evaluate` measures a model.
    init(
        _ network: DetectorNetwork, _ recipe: TrainingRecipe, _ rule: any TargetRule,
        pictures: TorchPictures? = nil, evaluate: ((Model) throws -> EvaluationRecord)? = nil
    ) {
        self.evaluate = evaluate
        held = recipe.held.map(\.path).joined(separator: ", ")
        self.pictures = pictures
        self.network = network
        self.rule = rule
        losses = DetectorLosses(options: recipe.losses, description: network.description)
        var description = network.description
        description.proposals.before = recipe.proposalsBefore
        description.proposals.after = recipe.proposalsAfter
        // The maps hold one logit per anchor, for every encoding of objectness.
        description.objectness = .sigmoid
        proposalDescription = description
    }

    let names = TaskNames(losses: LossSum.names, figures: ["AP", "AP50"])

    var parameters: Parameters { network.parameters }

    func losses(of batch: TrainingBatch, at place: StepPlace) throws -> [TorchTensor] {
        try loss(of: batch, at: place).parts
    }

    /// Computes the losses of one batch.
    func loss(of batch: TrainingBatch, at place: StepPlace) throws -> LossSum {
        let (width, height) = (batch.extent.width, batch.extent.height)
        let images = try batch.images(pictures)
        let maps = try network.maps(images, width: width, height: height)
        let views = try views(of: maps, pictures: batch.plans.count)
        let anchors = zip(views, batch.plans).enumerated().map { picture, pair in
            rule.anchors(pair.0, of: pair.1, picture: picture, at: place)
        }
        let first = try losses.anchors(maps, anchors)
        let found = try regions(views, width, height)
        let targets = zip(found, batch.plans).enumerated().map { picture, pair in
            rule.regions(pair.0, of: pair.1, picture: picture, at: place)
        }
        let outputs = try network.headOutputs(
            maps, regions: targets.map(\.regions), width: width, height: height)
        let second = try losses.regions(outputs, targets)
        let anchorSums = try first.sums(rule.anchorWeights(first.values(), at: place))
        let regionSums = try second.sums(rule.regionWeights(second.values(), at: place))
        return LossSum(
            objectness: anchorSums.classification, proposals: anchorSums.localization,
            classes: regionSums.classification, boxes: regionSums.localization)
    }

    private func views(of maps: DetectorNetwork.Maps, pictures: Int) throws -> [AnchorView] {
        let count = maps.grid.count
        let (objectness, deltas) = (try maps.objectness.values(), try maps.deltas.values())
        return (0..<pictures).map { picture in
            let rows = picture * count..<(picture + 1) * count
            return AnchorView(
                grid: maps.grid, objectness: objectness[rows],
                deltas: deltas[4 * rows.lowerBound..<4 * rows.upperBound])
        }
    }

    /// Proposals of each image, sorted by score.
    private func regions(_ views: [AnchorView], _ width: Int, _ height: Int) throws -> [[Box]] {
        let size = TrainingRecipe.Size(width: width, height: height)
        var finder =
            proposals[size] ?? Proposals(proposalDescription, width: width, height: height)
        let perCell = proposalDescription.anchors.count
        var regions: [Detection] = []
        let boxes = views.map { view in
            // Each anchor has its own row, so the channels of a cell are adjacent.
            finder.find(
                objectness: view.objectness.span,
                OutputLayout(channelStride: 1, cellStride: perCell), deltas: view.deltas.span,
                OutputLayout(channelStride: 1, cellStride: 4 * perCell), into: &regions)
            return regions.map(\.box)
        }
        proposals[size] = finder
        return boxes
    }
}

/// Files and evaluations.
extension DetectionTask {
    func file(_ numbers: [String: Tensor]) throws -> ModelFile {
        try network.model(numbers).file(name: network.description.name)
    }

    func evaluation(_ numbers: [String: Tensor], epoch: Double) throws -> TaskEvaluation? {
        guard let evaluate else { return nil }
        let model = try network.model(numbers)
        var record = try evaluate(model)
        record.epoch = epoch
        let file = model.withAccuracy([accuracy(record)]).file(name: network.description.name)
        return TaskEvaluation(
            figure: record.averagePrecision ?? 0, secondFigure: record.averagePrecision50 ?? 0,
            record: try JSONEncoder().encode(record), file: file)
    }

    /// Accuracy of an evaluation for the model's description.
    private func accuracy(_ record: EvaluationRecord) -> ModelDescription.Accuracy {
        let input = network.description.input
        return ModelDescription.Accuracy(
            data: "\(held), \(record.images) images", width: input.width, height: input.height,
            averagePrecision: Float(record.averagePrecision ?? 0),
            averagePrecision50: Float(record.averagePrecision50 ?? 0))
    }
}

internal import Datasets
internal import Scene
internal import Tensors
internal import ThunderNet

/// Result of one step.
public struct StepReport: Hashable, Sendable {
    /// Losses of the batch.
    public var losses: StepLosses
    /// L2 norm of all gradients before clipping.
    public var norm: Double
    /// False if the loss or a gradient was not finite and nothing was updated.
    public var isDone: Bool
}

/// Runs training steps: forward pass, targets, losses, backward pass, update.
final class Learner {
    let network: DetectorNetwork
    let optimizer: Optimizer
    private let losses: DetectorLosses
    private let rule: any TargetRule
    private let pictures: TorchPictures?
    private let proposalDescription: ModelDescription
    private var proposals: [TrainingRecipe.Size: Proposals] = [:]

    /// Creates a learner; `pictures` draws batches that have no pixels.
    init(
        _ network: DetectorNetwork, _ recipe: TrainingRecipe, _ rule: any TargetRule,
        pictures: TorchPictures? = nil
    ) throws {
        self.pictures = pictures
        self.network = network
        self.rule = rule
        losses = DetectorLosses(options: recipe.losses, description: network.description)
        optimizer = try Optimizer(network.parameters, recipe.optimizer)
        var description = network.description
        description.proposals.before = recipe.proposalsBefore
        description.proposals.after = recipe.proposalsAfter
        // The maps hold one logit per anchor, for every encoding of objectness.
        description.objectness = .sigmoid
        proposalDescription = description
    }

    /// Runs one training step.
    func step(_ batch: TrainingBatch, at place: StepPlace, rate: Double) throws -> StepReport {
        let sum = try loss(of: batch, at: place)
        let values = try sum.values()
        guard values.total.isFinite else {
            return StepReport(losses: values, norm: .nan, isDone: false)
        }
        try sum.total().backward()
        let outcome = try optimizer.step(rate: rate)
        return StepReport(losses: values, norm: outcome.norm, isDone: outcome.isDone)
    }

    /// Computes the losses of one batch.
    func loss(of batch: TrainingBatch, at place: StepPlace) throws -> LossSum {
        let (width, height) = (batch.extent.width, batch.extent.height)
        let images = try images(of: batch).permuted([0, 3, 1, 2])
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

    /// Normalized values, `[images, rows, columns, 3]`.
    private func images(of batch: TrainingBatch) throws -> TorchTensor {
        if let pixels = batch.pixels {
            let dims = [batch.plans.count, batch.extent.height, batch.extent.width, 3]
            return try TorchTensor(pixels, dims)
        }
        guard let pictures else { preconditionFailure("nothing draws the batch") }
        return try pictures.render(batch.plans, batch.extent)
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

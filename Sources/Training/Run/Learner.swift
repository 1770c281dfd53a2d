internal import Datasets
internal import Scene
internal import Tensors
internal import ThunderNet

/// What one step did.
public struct StepReport: Hashable, Sendable {
    /// The losses.
    public var losses: StepLosses
    /// The norm of all gradients before clipping.
    public var norm: Double
    /// False where a gradient was not finite: nothing was changed.
    public var isDone: Bool
}

/// Takes batches and changes the network by them.
final class Learner {
    let network: DetectorNetwork
    let optimizer: Optimizer
    private let losses: DetectorLosses
    private let rule: any TargetRule
    private let proposalDescription: ModelDescription
    private var proposals: [TrainingRecipe.Size: Proposals] = [:]

    init(_ network: DetectorNetwork, _ recipe: TrainingRecipe, _ rule: any TargetRule) throws {
        self.network = network
        self.rule = rule
        losses = DetectorLosses(options: recipe.losses, description: network.description)
        optimizer = try Optimizer(network.parameters, recipe.optimizer)
        var description = network.description
        description.proposals.before = recipe.proposalsBefore
        description.proposals.after = recipe.proposalsAfter
        // Maps hold one logit an anchor, whichever way the network says it.
        description.objectness = .sigmoid
        proposalDescription = description
    }

    /// Learns from one batch.
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

    /// The losses of one batch.
    func loss(of batch: TrainingBatch, at place: StepPlace) throws -> LossSum {
        let (width, height) = (batch.extent.width, batch.extent.height)
        let images = try TorchTensor(batch.pixels, [batch.plans.count, height, width, 3])
            .permuted([0, 3, 1, 2])
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
        let verdicts = try network.verdicts(
            maps, regions: targets.map(\.regions), width: width, height: height)
        let second = try losses.regions(verdicts, targets)
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

    /// The proposals of each picture, best first.
    private func regions(_ views: [AnchorView], _ width: Int, _ height: Int) throws -> [[Box]] {
        let size = TrainingRecipe.Size(width: width, height: height)
        var finder =
            proposals[size] ?? Proposals(proposalDescription, width: width, height: height)
        let perCell = proposalDescription.anchors.count
        var regions: [Detection] = []
        let boxes = views.map { view in
            // One row an anchor, so the channels of a cell stand side by side.
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

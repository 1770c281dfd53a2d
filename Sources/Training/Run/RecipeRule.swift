internal import Configuration
public import Scene
public import ThunderNet

/// Target rule of a recipe; its random numbers depend only on the seed and the step.
public struct RecipeRule: TargetRule {
    private let options: TargetOptions
    private let assigner: any AnchorAssigner
    private let quality: AnchorTargets.Quality
    private let losses: DetectorLosses
    private let seed: UInt64
    private let batch: Int

    /// Creates the rule of a recipe for a model.
    public init(_ recipe: TrainingRecipe, _ description: ModelDescription) {
        options = recipe.targets
        assigner =
            switch options.assignment {
            case .overlap: OverlapAssigner()
            case .adaptive: AdaptiveAssigner()
            case .transport: TransportAssigner()
            }
        quality = recipe.losses.objectness == .qualityFocal ? .overlap : .binary
        losses = DetectorLosses(options: recipe.losses, description: description)
        seed = recipe.seed
        batch = recipe.batch
    }

    private func stream(
        _ place: StepPlace, picture: Int = 0, _ purpose: RandomPurpose
    ) -> RandomStream {
        RandomStream(seed: seed, epoch: picture, item: place.step, purpose: purpose)
    }

    /// Assigns objects to anchors and samples the anchors of the loss.
    public func anchors(
        _ view: AnchorView, of plan: PicturePlan, picture: Int, at place: StepPlace
    ) -> AnchorTargets {
        let isPredicted = assigner.needsPredictions || quality == .overlap
        let predictions = isPredicted ? view.predictions(losses.anchorCode) : nil
        var assignment = assigner.assign(plan.annotations, to: view.grid, predictions)
        if !plan.unlabelled.isEmpty { assignment.ignoreSuspects(Array(view.objectness)) }
        var random = stream(place, picture: picture, .anchors)
        let choice = options.anchors.map {
            AnchorTargets.Choice.random(count: $0, positiveShare: 0.5)
        }
        return AnchorTargets(
            assignment, plan.annotations, view.grid, code: losses.anchorCode,
            choice: choice ?? .all, quality: quality, predictions: predictions, random: &random)
    }

    /// Means over each image's anchors; box losses are divided by the sample size, or by the number of positives
    /// if anchors are not sampled.
    public func anchorWeights(_ losses: BatchLosses, at place: StepPlace) -> BatchWeights {
        var weights = BatchWeights(
            classification: [], localization: [])
        let pictures = Float(losses.counts.count)
        let positives = Float(max(1, losses.positiveCounts.reduce(0, +)))
        var start = 0
        for (picture, count) in losses.counts.enumerated() {
            let range = start..<start + count
            start += count
            var share = [Float](repeating: 1 / (Float(max(1, count)) * pictures), count: count)
            if let kept = options.rankedAnchors {
                var random = stream(place, picture: picture, .mining)
                let chosen = RankMiner(count: kept).choose(
                    Array(losses.losses[range]), Array(losses.boxes[range]),
                    progress: place.progress, random: &random)
                share = [Float](repeating: 0, count: count)
                for index in chosen { share[index] = 1 / (Float(chosen.count) * pictures) }
            } else if quality == .overlap {
                // Quality focal loss sums over all anchors, most with a tiny loss, and is normalized by the positives.
                share = [Float](repeating: 1 / positives, count: count)
            }
            weights.classification += share
            let box = options.anchors.map { 1 / (Float($0) * pictures) } ?? 1 / positives
            weights.localization += share.map { $0 > 0 ? box : 0 }
        }
        return weights
    }

    /// Samples the regions of the second stage.
    public func regions(
        _ proposals: [Box], of plan: PicturePlan, picture: Int, at place: StepPlace
    ) -> RegionTargets {
        var random = stream(place, picture: picture, .regions)
        return RegionTargets(
            proposals: proposals, of: plan, classCount: losses.description.classes.count,
            rule: options.regions, code: losses.regionCode, random: &random)
    }

    /// Means over the batch's regions selected by hard example mining.
    public func regionWeights(_ losses: BatchLosses, at place: StepPlace) -> BatchWeights {
        let count = min(losses.losses.count, options.hardRegions * losses.counts.count)
        let miner: any HardExampleMiner =
            switch options.mining {
            case .random: RandomMiner(count: count)
            case .online: OnlineMiner(count: count)
            case .stratified: StratifiedMiner(count: count)
            }
        var random = stream(place, .mining)
        let chosen = miner.choose(losses.losses, [], progress: place.progress, random: &random)
        var share = [Float](repeating: 0, count: losses.losses.count)
        for index in chosen { share[index] = 1 / Float(chosen.count) }
        return BatchWeights(classification: share, localization: share)
    }
}

extension AnchorView {
    /// Decodes boxes and copies logits.
    fileprivate func predictions(_ code: BoxCoder) -> AnchorPredictions {
        let start = deltas.startIndex
        let boxes = grid.boxes.indices.map { anchor in
            let place = start + 4 * anchor
            return code.decode(
                SIMD4(deltas[place], deltas[place + 1], deltas[place + 2], deltas[place + 3]),
                relativeTo: grid.boxes[anchor])
        }
        return AnchorPredictions(boxes: boxes, logits: Array(objectness))
    }
}

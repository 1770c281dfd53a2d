internal import Scene
internal import ThunderNet

/// The choice of losses.
public struct LossOptions: Hashable, Sendable, Codable {
    /// Objectness of anchors.
    public var objectness = ObjectnessLoss.binaryCrossEntropy
    /// Boxes of anchors.
    public var proposals = BoxLoss.smoothL1(beta: 1.0 / 9)
    /// Boxes of regions.
    public var boxes = BoxLoss.smoothL1(beta: 1)
    /// What the loss of the regions' boxes is multiplied by.
    public var boxWeight = 1.0

    /// The paper's losses.
    public init() {}
}

/// The four losses of a step, each a tensor of one number.
struct LossSum {
    var objectness: TorchTensor
    var proposals: TorchTensor
    var classes: TorchTensor
    var boxes: TorchTensor

    func total() throws(TorchError) -> TorchTensor {
        try objectness.adding(proposals).adding(classes).adding(boxes)
    }

    func values() throws(TorchError) -> StepLosses {
        StepLosses(
            objectness: try objectness.item(), proposals: try proposals.item(),
            classes: try classes.item(), boxes: try boxes.item())
    }
}

/// The four losses of a step.
public struct StepLosses: Hashable, Sendable, Codable {
    /// Objectness of anchors.
    public var objectness: Double
    /// Boxes of anchors.
    public var proposals: Double
    /// Classes of regions.
    public var classes: Double
    /// Boxes of regions.
    public var boxes: Double

    /// Their sum.
    public var total: Double { objectness + proposals + classes + boxes }
}

/// Losses of a detector, from maps and targets to four numbers.
struct DetectorLosses {
    let options: LossOptions
    let description: ModelDescription

    /// Deltas of anchors.
    private var anchorCode: BoxCode { BoxCode(limit: description.deltaLimit) }
    /// Deltas of regions.
    private var regionCode: BoxCode {
        let deviations = description.head.deviations
        return BoxCode(
            deviations: SIMD4(deviations[0], deviations[1], deviations[2], deviations[3]),
            limit: description.deltaLimit)
    }

    /// Objectness and box losses of the anchors, one target list a picture.
    func anchors(
        _ maps: DetectorNetwork.Maps, _ targets: [AnchorTargets]
    ) throws(TorchError) -> (objectness: TorchTensor, proposals: TorchTensor) {
        let count = maps.anchors.count
        var (rows, levels, weights) = ([Int](), [Float](), [Float]())
        var (boxRows, boxWeights, pairs) = ([Int](), [Float](), BoxPairs())
        for (picture, target) in targets.enumerated() {
            for judged in target.judged {
                rows.append(picture * count + judged.anchor)
                levels.append(judged.target)
                weights.append(judged.weight)
            }
            for matched in target.matched {
                boxRows.append(picture * count + matched.anchor)
                boxWeights.append(matched.weight)
                pairs.bases.append(maps.anchors[matched.anchor])
                pairs.targets.append(matched.box)
            }
        }
        let objectness = try options.objectness(maps.objectness.rows(rows), levels)
            .weightedSum(weights)
        let proposals = try options.proposals(maps.deltas.rows(boxRows), pairs, anchorCode)
            .weightedSum(boxWeights)
        return (objectness, proposals)
    }

    /// Class and box losses of every region, `[regions]` each; the second has a row for each region with a class.
    func regions(
        _ verdicts: DetectorNetwork.Verdicts, _ targets: [[RegionTarget]],
        unlabelled: [[Int]]
    ) throws(TorchError) -> RegionLossRows {
        let classes = description.classes.count
        let shift = description.head.background == .first ? 1 : 0
        let background = shift == 1 ? 0 : classes
        var (labels, masks) = ([Int](), [Float]())
        var (rows, pairs, columns) = ([Int](), BoxPairs(), [Int]())
        for (targets, missing) in zip(targets, unlabelled) {
            var mask = [Float](repeating: 0, count: classes + 1)
            // A logit that never wins: the class takes no part in the softmax of this picture.
            for index in missing { mask[index + shift] = -30 }
            for target in targets {
                if let label = target.label {
                    rows.append(labels.count)
                    columns.append(label)
                    pairs.bases.append(target.region)
                    pairs.targets.append(target.box)
                }
                labels.append(target.label.map { $0 + shift } ?? background)
                masks += mask
            }
        }
        var logits = verdicts.classes
        if masks.contains(where: { $0 != 0 }) {
            logits = try logits.adding(
                TorchTensor(masks, [labels.count, classes + 1]).cast(to: logits.type))
        }
        var deltas = verdicts.boxes
        if description.head.boxes == .classSpecific {
            deltas = try deltas.reshaped([-1, 4]).rows(
                zip(rows, columns).map { $0 * classes + $1 })
        } else {
            deltas = try deltas.rows(rows)
        }
        return RegionLossRows(
            classes: try logits.crossEntropy(labels),
            boxes: try options.boxes(deltas, pairs, regionCode).times(options.boxWeight),
            rows: rows)
    }
}

/// Losses of regions before any are chosen.
struct RegionLossRows {
    /// Cross-entropy of each region.
    var classes: TorchTensor
    /// Box loss of the regions that have a class.
    var boxes: TorchTensor
    /// Which regions those are.
    var rows: [Int]

    /// The numbers for those who choose.
    func values(counts: [Int]) throws(TorchError) -> RegionLosses {
        var losses = RegionLosses(classes: try classes.values(), boxes: [], counts: counts)
        losses.boxes = [Float](repeating: 0, count: losses.classes.count)
        for (row, value) in zip(rows, try boxes.values()) { losses.boxes[row] = value }
        return losses
    }

    /// The sums that the weights make.
    func sums(
        _ weights: RegionWeights
    ) throws(TorchError) -> (classes: TorchTensor, boxes: TorchTensor) {
        (
            try classes.weightedSum(weights.classes),
            try boxes.weightedSum(rows.map { weights.boxes[$0] })
        )
    }
}

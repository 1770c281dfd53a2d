internal import Configuration
internal import Scene
internal import ThunderNet

/// The four losses of a step as scalar tensors.
struct LossSum {
    var objectness: TorchTensor
    var proposals: TorchTensor
    var classes: TorchTensor
    var boxes: TorchTensor

    /// Names of the losses, in the order of ``parts``.
    static let names = ["objectness", "proposals", "classes", "boxes"]

    /// The losses in the order of ``names``.
    var parts: [TorchTensor] { [objectness, proposals, classes, boxes] }
}

/// Losses of all boxes of a batch, before mining.
struct LossRows {
    /// Classification or objectness loss of each box.
    var classification: TorchTensor
    /// Localization loss of each box with an object.
    var localization: TorchTensor
    /// Indices of the boxes with an object.
    var rows: [Int]
    /// The boxes in pixels of the input.
    var boxes: [Box]
    /// Number of boxes per image.
    var counts: [Int]
    /// Number of boxes with an object per image.
    var positiveCounts: [Int]

    /// Copies the losses out, for hard example mining.
    func values() throws(TorchError) -> BatchLosses {
        var losses = try classification.values().map {
            BoxLoss(classification: $0, localization: 0)
        }
        for (row, value) in zip(rows, try localization.values()) {
            losses[row].localization = value
        }
        return BatchLosses(
            losses: losses, boxes: boxes, counts: counts, positiveCounts: positiveCounts)
    }

    /// Weighted sums of the losses.
    func sums(
        _ weights: BatchWeights
    ) throws(TorchError) -> (classification: TorchTensor, localization: TorchTensor) {
        (
            try classification.weightedSum(weights.classification),
            try localization.weightedSum(rows.map { weights.localization[$0] })
        )
    }
}

/// Losses of a detector, computed from its outputs and targets.
struct DetectorLosses {
    let options: LossOptions
    let description: ModelDescription

    /// Box encoding relative to anchors.
    var anchorCode: BoxCoder { BoxCoder(limit: description.deltaLimit) }
    /// Box encoding relative to regions.
    var regionCode: BoxCoder {
        let deviations = description.head.deviations
        return BoxCoder(
            deviations: SIMD4(deviations[0], deviations[1], deviations[2], deviations[3]),
            limit: description.deltaLimit)
    }

    /// Objectness and box losses of the anchors; one element of targets per image.
    func anchors(
        _ maps: DetectorNetwork.Maps, _ targets: [AnchorTargets]
    ) throws(TorchError) -> LossRows {
        let count = maps.grid.count
        var (all, positives, rows) = ([Int](), [Int](), [Int]())
        var (levels, boxes, pairs) = ([Float](), [Box](), BoxPairs())
        for (picture, target) in targets.enumerated() {
            for (index, anchor) in target.anchors.enumerated() {
                if index < target.positiveCount {
                    rows.append(all.count)
                    positives.append(picture * count + anchor)
                    pairs.bases.append(maps.grid.boxes[anchor])
                }
                all.append(picture * count + anchor)
                boxes.append(maps.grid.boxes[anchor])
            }
            levels += target.objectness
            pairs.targets += target.boxes
        }
        return LossRows(
            classification: try options.objectness(maps.objectness.rows(all), levels),
            localization: try options.proposals(
                maps.deltas.rows(positives), pairs, anchorCode, beta: options.proposalBeta),
            rows: rows, boxes: boxes, counts: targets.map(\.anchors.count),
            positiveCounts: targets.map(\.positiveCount))
    }

    /// Class and box losses of the regions; one element of targets per image.
    func regions(
        _ outputs: DetectorNetwork.HeadOutputs, _ targets: [RegionTargets]
    ) throws(TorchError) -> LossRows {
        let classes = description.classes.count
        let shift = description.head.background == .first ? 1 : 0
        var (labels, columns, rows) = ([Int](), [Int](), [Int]())
        var (boxes, pairs) = ([Box](), BoxPairs())
        for target in targets {
            let positives = 0..<target.positiveCount
            rows += positives.map { labels.count + $0 }
            columns += target.classes[positives]
            pairs.bases += target.regions[positives]
            pairs.targets += zip(target.regions[positives], target.deltas).map {
                regionCode.decode($1, relativeTo: $0)
            }
            boxes += target.regions
            labels += target.classes.map { $0 == classes ? (1 - shift) * classes : $0 + shift }
        }
        var deltas = outputs.boxes
        if description.head.boxes == .classSpecific {
            let wanted = zip(rows, columns).map { $0 * classes + $1 }
            deltas = try deltas.reshaped([-1, 4]).rows(wanted)
        } else {
            deltas = try deltas.rows(rows)
        }
        return LossRows(
            classification: try masked(outputs.classes, targets, shift).crossEntropy(labels),
            localization: try options.boxes(deltas, pairs, regionCode, beta: options.boxBeta).times(
                options.boxWeight),
            rows: rows, boxes: boxes, counts: targets.map(\.regions.count),
            positiveCounts: targets.map(\.positiveCount))
    }

    /// Logits with those of each image's unlabelled classes set to very low values.
    private func masked(
        _ logits: TorchTensor, _ targets: [RegionTargets], _ shift: Int
    ) throws(TorchError) -> TorchTensor {
        guard targets.contains(where: { !$0.unlabelled.isEmpty }) else { return logits }
        let columns = description.classes.count + 1
        var masks: [Float] = []
        for target in targets {
            var mask = [Float](repeating: 0, count: columns)
            for index in target.unlabelled { mask[index + shift] = -30 }
            for _ in target.regions { masks += mask }
        }
        return try logits.adding(
            TorchTensor(masks, [masks.count / columns, columns]).cast(to: logits.type))
    }
}

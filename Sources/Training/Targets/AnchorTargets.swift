public import Datasets
public import Scene
public import ThunderNet

/// Targets of the anchors sampled for one image's loss.
public struct AnchorTargets: Hashable, Sendable {
    /// Objectness target of positive anchors.
    public enum Quality: String, Hashable, Sendable, CaseIterable {
        /// 1, for binary cross-entropy.
        case binary
        /// IoU of the predicted box with its object, or of the anchor without predictions, for quality focal loss
        /// (Li et al., "Generalized Focal Loss", 2020).
        case overlap
    }

    /// Sampling of anchors.
    public enum Choice: Hashable, Sendable {
        /// All positive and background anchors.
        case all
        /// Random sample of at most `count` anchors with at most this share of positives (Faster R-CNN: 256, half).
        case random(count: Int, positiveShare: Double)
    }

    /// Sampled anchors: positives, then background, each in ascending order.
    public var anchors: [Int]
    /// Objectness target of each sampled anchor, 0 to 1; 0 for background.
    public var objectness: [Float]
    /// Number of positive anchors.
    public var positiveCount: Int
    /// Box deltas of the positive anchors.
    public var deltas: [SIMD4<Float>]
    /// Objects' boxes of the positive anchors.
    public var boxes: [Box]

    /// Samples anchors and encodes their objects.
    ///
    /// - Parameters:
    ///   - assignment: Assignment of objects to anchors.
    ///   - annotations: Annotations that the assignment refers to.
    ///   - grid: Anchors of the input.
    ///   - code: Box encoding relative to anchors.
    ///   - choice: Sampling of anchors.
    ///   - quality: Objectness target of positive anchors.
    ///   - predictions: Current predictions of the network; nil if not needed.
    ///   - random: Random numbers of the purpose ``RandomPurpose/anchors``.
    public init(
        _ assignment: AnchorAssignment, _ annotations: [Annotation], _ grid: AnchorGrid,
        code: BoxCoder, choice: Choice, quality: Quality, predictions: AnchorPredictions? = nil,
        random: inout RandomStream
    ) {
        var (positives, negatives) = (assignment.positives, assignment.negatives)
        if case .random(let count, let share) = choice {
            positives = random.chosen(Int(Double(count) * share), of: positives)
            negatives = random.chosen(count - positives.count, of: negatives)
        }
        anchors = positives + negatives
        positiveCount = positives.count
        boxes = positives.map { annotations[Int(assignment.matches[$0])].box }
        deltas = zip(positives, boxes).map { code.encode($1, relativeTo: grid.boxes[$0]) }
        let values: [Float] = zip(positives, boxes).map { anchor, box in
            guard quality == .overlap else { return 1 }
            let overlap = (predictions?.boxes ?? grid.boxes)[anchor].overlap(box)
            return overlap.isFinite ? overlap : 0
        }
        objectness = values + [Float](repeating: 0, count: negatives.count)
    }
}

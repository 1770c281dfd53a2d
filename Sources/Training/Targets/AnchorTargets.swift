public import Datasets
public import Scene
public import ThunderNet

/// What the proposal network is to say of the anchors that count in one picture's loss.
public struct AnchorTargets: Hashable, Sendable {
    /// What a positive anchor's objectness is to be.
    public enum Quality: String, Hashable, Sendable, CaseIterable {
        /// 1 (for binary cross entropy).
        case binary
        /// The overlap of its predicted box with its object, or of the anchor itself where nothing is predicted yet
        /// (for quality focal loss; Li et al., "Generalized Focal Loss", 2020).
        case overlap
    }

    /// How the anchors that count are chosen.
    public enum Choice: Hashable, Sendable {
        /// All that are positive or background.
        case all
        /// At random: at most so many, of which at most a share is positive (Faster R-CNN: 256, half).
        case random(count: Int, positiveShare: Double)
    }

    /// The anchors that count, positive ones first, both ascending.
    public var anchors: [Int]
    /// Objectness of each, 0 to 1; 0 for background.
    public var objectness: [Float]
    /// How many of them are positive.
    public var positiveCount: Int
    /// Box deltas of the positive ones.
    public var deltas: [SIMD4<Float>]
    /// Boxes of the objects of the positive ones.
    public var boxes: [Box]

    /// Chooses anchors and encodes their objects.
    ///
    /// - Parameters:
    ///   - assignment: What each anchor is to learn.
    ///   - annotations: The objects to which it refers.
    ///   - grid: The anchors.
    ///   - code: How boxes are told relative to anchors.
    ///   - choice: How the anchors that count are chosen.
    ///   - quality: What a positive anchor's objectness is to be.
    ///   - predictions: What the network says at present; nil where that does not matter.
    ///   - random: Numbers of the purpose ``RandomPurpose/anchors``.
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

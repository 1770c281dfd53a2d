public import Scene

/// Losses of all boxes of a batch, image after image, for hard example mining.
public struct BatchLosses: Sendable {
    /// Losses of each box.
    public var losses: [BoxLoss]
    /// The boxes in pixels of the input.
    public var boxes: [Box]
    /// Number of boxes per image.
    public var counts: [Int]
    /// Number of boxes with an object per image.
    public var positiveCounts: [Int]
}

/// Weights of the boxes' losses.
public struct BatchWeights: Sendable {
    /// Weight of each box's classification or objectness loss.
    public var classification: [Float]
    /// Weight of each box's localization loss.
    public var localization: [Float]

    /// Creates weights from their parts.
    public init(classification: [Float], localization: [Float]) {
        self.classification = classification
        self.localization = localization
    }
}

/// Outputs of the proposal network for one image.
public struct AnchorView: Sendable {
    /// The anchors of the input size.
    public var grid: AnchorGrid
    /// One logit per anchor.
    public var objectness: ArraySlice<Float>
    /// Four deltas per anchor.
    public var deltas: ArraySlice<Float>
}

/// Position of a step in a run.
public struct StepPlace: Hashable, Sendable {
    /// Number of steps before this one.
    public var step: Int
    /// Completed share of the run, 0 to 1.
    public var progress: Double

    /// Creates a place from its parts.
    public init(step: Int, progress: Double) {
        self.step = step
        self.progress = progress
    }
}

/// Rule for targets and loss weights: it samples anchors and regions, and weights their losses.
public protocol TargetRule: Sendable {
    /// Targets of an image's anchors; `picture` is its index in the batch.
    func anchors(
        _ view: AnchorView, of plan: PicturePlan, picture: Int, at place: StepPlace
    ) -> AnchorTargets
    /// Weights of the anchors' losses.
    func anchorWeights(_ losses: BatchLosses, at place: StepPlace) -> BatchWeights
    /// Targets of an image's regions, sampled from its proposals, which are sorted by score.
    func regions(
        _ proposals: [Box], of plan: PicturePlan, picture: Int, at place: StepPlace
    ) -> RegionTargets
    /// Weights of the regions' losses.
    func regionWeights(_ losses: BatchLosses, at place: StepPlace) -> BatchWeights
}

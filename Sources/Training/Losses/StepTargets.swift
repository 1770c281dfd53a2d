public import Scene

/// Losses of all boxes of a batch, one picture's after another's, for those who choose the hard ones.
public struct BatchLosses: Sendable {
    /// The losses.
    public var losses: [BoxLoss]
    /// Where the boxes are.
    public var boxes: [Box]
    /// How many of them each picture has.
    public var counts: [Int]
    /// How many of those have an object.
    public var positiveCounts: [Int]
}

/// Weights by which the losses of boxes count.
public struct BatchWeights: Sendable {
    /// Weight of each box's loss of class or objectness.
    public var classification: [Float]
    /// Weight of each box's loss of place.
    public var localization: [Float]

    /// Weights by their parts.
    public init(classification: [Float], localization: [Float]) {
        self.classification = classification
        self.localization = localization
    }
}

/// What the body says of one picture's anchors.
public struct AnchorView: Sendable {
    /// The anchors of the input size.
    public var grid: AnchorGrid
    /// One logit an anchor.
    public var objectness: ArraySlice<Float>
    /// Four deltas an anchor.
    public var deltas: ArraySlice<Float>
}

/// The place of a step in a run.
public struct StepPlace: Hashable, Sendable {
    /// Steps before it.
    public var step: Int
    /// The share of the run that is done, 0 to 1.
    public var progress: Double

    /// A place by its parts.
    public init(step: Int, progress: Double) {
        self.step = step
        self.progress = progress
    }
}

/// The choice of what a step learns from: anchors, regions, and how much the loss of each counts.
public protocol TargetRule: Sendable {
    /// Decides what the anchors of a picture learn; `picture` counts within the batch.
    func anchors(
        _ view: AnchorView, of plan: PicturePlan, picture: Int, at place: StepPlace
    ) -> AnchorTargets
    /// Decides how much the loss of each anchor counts.
    func anchorWeights(_ losses: BatchLosses, at place: StepPlace) -> BatchWeights
    /// Decides which regions of a picture the head sees, from the proposals, best first.
    func regions(
        _ proposals: [Box], of plan: PicturePlan, picture: Int, at place: StepPlace
    ) -> RegionTargets
    /// Decides how much the loss of each region counts.
    func regionWeights(_ losses: BatchLosses, at place: StepPlace) -> BatchWeights
}

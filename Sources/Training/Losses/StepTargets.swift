public import Scene

/// What the anchors of one picture are to learn.
public struct AnchorTargets: Sendable {
    /// An anchor whose objectness is judged.
    public struct Judged: Hashable, Sendable {
        /// Its number.
        public var anchor: Int
        /// The objectness it should have, 0 to 1.
        public var target: Float
        /// What its loss is multiplied by.
        public var weight: Float

        /// An anchor by its parts.
        public init(anchor: Int, target: Float, weight: Float) {
            self.anchor = anchor
            self.target = target
            self.weight = weight
        }
    }

    /// An anchor that learns a box.
    public struct Matched: Hashable, Sendable {
        /// Its number.
        public var anchor: Int
        /// The box it should become.
        public var box: Box
        /// What its loss is multiplied by.
        public var weight: Float

        /// An anchor by its parts.
        public init(anchor: Int, box: Box, weight: Float) {
            self.anchor = anchor
            self.box = box
            self.weight = weight
        }
    }

    /// Anchors whose objectness is judged.
    public var judged: [Judged]
    /// Anchors that learn a box.
    public var matched: [Matched]

    /// Targets by their parts.
    public init(judged: [Judged] = [], matched: [Matched] = []) {
        self.judged = judged
        self.matched = matched
    }
}

/// A region and what the head is to say of it.
public struct RegionTarget: Hashable, Sendable {
    /// Where it is.
    public var region: Box
    /// Its class; nil for "nothing".
    public var label: Int?
    /// The box that the head should find; read where there is a class.
    public var box: Box

    /// A region by its parts.
    public init(region: Box, label: Int?, box: Box) {
        self.region = region
        self.label = label
        self.box = box
    }
}

/// Losses of all regions of a batch, one picture's after another's, for those who choose the hard ones.
public struct RegionLosses: Sendable {
    /// Cross-entropy of each region.
    public var classes: [Float]
    /// Box loss of each region; 0 where there is no object.
    public var boxes: [Float]
    /// How many regions each picture has.
    public var counts: [Int]
}

/// Weights by which the losses of the regions count.
public struct RegionWeights: Sendable {
    /// Weight of each region's cross-entropy.
    public var classes: [Float]
    /// Weight of each region's box loss.
    public var boxes: [Float]

    /// Weights by their parts.
    public init(classes: [Float], boxes: [Float]) {
        self.classes = classes
        self.boxes = boxes
    }
}

/// What the body says of one picture's anchors, as those see it who assign targets.
public struct AnchorView: Sendable {
    /// The anchors in pixels of the input.
    public var anchors: [Box]
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

/// The choice of what a step learns from: anchors, regions, and which of the regions count.
public protocol TargetRule: Sendable {
    /// Decides what the anchors of a picture learn.
    func anchors(
        _ view: AnchorView, of example: TrainingExample, picture: Int, at place: StepPlace
    ) -> AnchorTargets
    /// Decides which regions of a picture the head sees, from the proposals, best first.
    func regions(
        _ proposals: [Box], of example: TrainingExample, picture: Int, at place: StepPlace
    ) -> [RegionTarget]
    /// Decides which regions count.
    func weights(of losses: RegionLosses, at place: StepPlace) -> RegionWeights
}

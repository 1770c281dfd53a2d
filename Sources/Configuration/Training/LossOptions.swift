/// Losses of the two stages.
public struct LossOptions: Hashable, Sendable, Codable {
    /// Loss of an anchor's objectness.
    public var objectness = ObjectnessLoss.binaryCrossEntropy
    /// Loss of an anchor's box.
    public var proposals = BoxLoss.smoothL1
    /// Transition of smooth L1 from square to absolute, for anchors.
    public var proposalBeta = 1.0 / 9
    /// Loss of a region's box.
    public var boxes = BoxLoss.smoothL1
    /// Transition of smooth L1 from square to absolute, for regions.
    public var boxBeta = 1.0
    /// Weight of the loss of the regions' boxes.
    public var boxWeight = 1.0

    /// The paper's losses.
    public init() {}

    /// Loss of objectness.
    public enum ObjectnessLoss: String, Hashable, Sendable, CaseIterable, Codable {
        /// Binary cross-entropy.
        case binaryCrossEntropy = "cross-entropy"
        /// Quality focal loss: cross-entropy times |target − probability|², with the IoU as the target
        /// (Li et al., Generalized Focal Loss, 2020, with their exponent).
        case qualityFocal = "quality-focal"
    }

    /// Loss of a box.
    public enum BoxLoss: String, Hashable, Sendable, CaseIterable, Codable {
        /// Smooth L1 over the four deltas, summed (Girshick, Fast R-CNN, 2015).
        case smoothL1 = "smooth-l1"
        /// One minus the generalized IoU (Rezatofighi et al., 2019).
        case giou
    }
}

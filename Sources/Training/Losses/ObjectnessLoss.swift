/// The measure of how far an anchor's objectness is from what it should be.
public enum ObjectnessLoss: Hashable, Sendable, Codable {
    /// Binary cross-entropy.
    case binaryCrossEntropy
    /// Quality focal loss: the same times |target − probability|^2, so that easy anchors count little and a target may
    /// be any overlap from 0 to 1 (Li et al., Generalized Focal Loss, 2020, with their exponent).
    case qualityFocal

    /// One loss an anchor.
    func callAsFunction(
        _ logits: TorchTensor, _ targets: [Float]
    ) throws(TorchError) -> TorchTensor {
        let targets = try TorchTensor(targets, [targets.count]).cast(to: logits.type)
        let loss = try logits.binaryCrossEntropy(targets)
        guard self == .qualityFocal else { return loss }
        let distance = try logits.sigmoid().subtracting(targets)
        return try distance.multiplied(by: distance).multiplied(by: loss)
    }
}

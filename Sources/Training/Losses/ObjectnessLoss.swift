internal import Configuration

extension LossOptions.ObjectnessLoss {
    /// Computes one loss per anchor.
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

internal import CTorch

/// Fused optimizer steps: one call for all parameters.
enum TorchOptimizers {
    /// L2 norm of all gradients; NaN if one is not finite.
    static func gradientNorm(_ parameters: [TorchTensor]) throws(TorchError) -> Double {
        try unsafe TorchTensor.lend(parameters) { unsafe $0.gradient_norm($1, $2) }
    }

    /// SGD with Nesterov momentum; gradients are scaled by `factor`, then weight decay is added.
    static func sgd(
        _ parameters: [TorchTensor], momenta: [TorchTensor], rate: Double, momentum: Double,
        decay: Double, factor: Double
    ) throws(TorchError) {
        precondition(momenta.count == parameters.count, "one momentum per parameter")
        let isDone = try unsafe TorchTensor.lend(parameters + momenta) { face, all, count in
            let half = Int(count) / 2
            return unsafe face.sgd(
                Array(all[..<half]), Array(all[half...]), Int32(half), rate, momentum, decay, factor
            )
        }
        guard isDone else { throw TorchLibrary.failure }
    }

    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019); `step` starts at 1.
    static func adamW(
        _ parameters: [TorchTensor], first: [TorchTensor], second: [TorchTensor], rate: Double,
        betas: (Double, Double), epsilon: Double, decay: Double, step: Int, factor: Double
    ) throws(TorchError) {
        precondition(
            first.count == parameters.count && second.count == parameters.count,
            "two moments per parameter")
        let isDone = try unsafe TorchTensor.lend(parameters + first + second) { face, all, count in
            let third = Int(count) / 3
            return unsafe face.adamw(
                Array(all[..<third]), Array(all[third..<2 * third]), Array(all[(2 * third)...]),
                Int32(third), rate, [betas.0, betas.1], epsilon, decay, Int64(step), factor)
        }
        guard isDone else { throw TorchLibrary.failure }
    }

    /// Updates moving averages: `share` is the weight of the new values.
    static func average(
        _ averages: [TorchTensor], towards values: [TorchTensor], share: Double
    ) throws(TorchError) {
        precondition(averages.count == values.count, "one average per value")
        let isDone = try unsafe TorchTensor.lend(averages + values) { face, all, count in
            let half = Int(count) / 2
            return unsafe face.average(
                Array(all[..<half]), Array(all[half...]), Int32(half), share)
        }
        guard isDone else { throw TorchLibrary.failure }
    }
}

internal import CTorch

/// One call for all parameters.
enum TorchOptimizers {
    /// The root of the sum of squares of all gradients; NaN where one is not finite.
    static func gradientNorm(_ parameters: [TorchTensor]) throws(TorchError) -> Double {
        try unsafe TorchTensor.lend(parameters) { unsafe $0.gradient_norm($1, $2) }
    }

    /// Nesterov's momentum; gradients are scaled by `factor` first, then decay is added.
    static func sgd(
        _ parameters: [TorchTensor], momenta: [TorchTensor], rate: Double, momentum: Double,
        decay: Double, factor: Double
    ) throws(TorchError) {
        precondition(momenta.count == parameters.count, "a momentum for every parameter")
        let isDone = try unsafe TorchTensor.lend(parameters + momenta) { face, all, count in
            let half = Int(count) / 2
            return unsafe face.sgd(
                Array(all[..<half]), Array(all[half...]), Int32(half), rate, momentum, decay, factor
            )
        }
        guard isDone else { throw TorchLibrary.failure }
    }

    /// Adam with decoupled weight decay; `step` counts from 1.
    static func adamW(
        _ parameters: [TorchTensor], first: [TorchTensor], second: [TorchTensor], rate: Double,
        betas: (Double, Double), epsilon: Double, decay: Double, step: Int, factor: Double
    ) throws(TorchError) {
        precondition(
            first.count == parameters.count && second.count == parameters.count,
            "two moments for every parameter")
        let isDone = try unsafe TorchTensor.lend(parameters + first + second) { face, all, count in
            let third = Int(count) / 3
            return unsafe face.adamw(
                Array(all[..<third]), Array(all[third..<2 * third]), Array(all[(2 * third)...]),
                Int32(third), rate, [betas.0, betas.1], epsilon, decay, Int64(step), factor)
        }
        guard isDone else { throw TorchLibrary.failure }
    }

    /// Moves averages towards values by a share of the way.
    static func average(
        _ averages: [TorchTensor], towards values: [TorchTensor], share: Double
    ) throws(TorchError) {
        precondition(averages.count == values.count, "an average for every value")
        let isDone = try unsafe TorchTensor.lend(averages + values) { face, all, count in
            let half = Int(count) / 2
            return unsafe face.average(
                Array(all[..<half]), Array(all[half...]), Int32(half), share)
        }
        guard isDone else { throw TorchLibrary.failure }
    }
}

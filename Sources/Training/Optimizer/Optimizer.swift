internal import Configuration
internal import Tensors

/// Updates parameters from their gradients; keeps moments and moving averages of them.
final class Optimizer {
    /// Result of one step.
    struct Outcome: Hashable {
        /// L2 norm of all gradients before clipping.
        var norm: Double
        /// False if a gradient was not finite and nothing was updated.
        var isDone: Bool
    }

    let options: OptimizerOptions
    /// Number of updates.
    private(set) var steps = 0
    private let parameters: Parameters
    /// Trained parameters: those with weight decay first.
    private let trained: [Parameters.Entry]
    private let decaying: Int
    /// Moments in the order of ``trained``: one list for SGD, two for AdamW.
    private var moments: [[TorchTensor]]
    /// Moving averages of all parameters, in their order.
    private let averages: [TorchTensor]

    init(_ parameters: Parameters, _ options: OptimizerOptions) throws(TorchError) {
        self.parameters = parameters
        self.options = options
        let (weights, others) = (
            parameters.trained.filter(\.decays), parameters.trained.filter { !$0.decays }
        )
        trained = weights + others
        decaying = weights.count
        moments = []
        for _ in 0..<(options.rule == .sgd ? 1 : 2) {
            var zeros: [TorchTensor] = []
            for entry in trained { zeros.append(try entry.tensor.copy().times(0)) }
            moments.append(zeros)
        }
        var averages: [TorchTensor] = []
        for entry in parameters.entries { averages.append(try entry.tensor.copy()) }
        self.averages = averages
    }

    /// Updates all parameters and averages from the current gradients, then clears the gradients.
    func step(rate: Double) throws(TorchError) -> Outcome {
        let tensors = trained.map(\.tensor)
        let norm = try TorchOptimizers.gradientNorm(tensors)
        guard norm.isFinite else {
            try TorchTensor.clearGradients(tensors)
            return Outcome(norm: norm, isDone: false)
        }
        let factor = norm > options.clip ? options.clip / (norm + 1e-6) : 1
        let ranges = [0..<decaying, decaying..<trained.count]
        for (range, decay) in zip(ranges, [options.decay, 0]) where !range.isEmpty {
            try change(range, rate, decay, factor)
        }
        try TorchTensor.clearGradients(tensors)
        steps += 1
        try average()
        return Outcome(norm: norm, isDone: true)
    }

    private func change(
        _ range: Range<Int>, _ rate: Double, _ decay: Double, _ factor: Double
    ) throws(TorchError) {
        let tensors = trained[range].map(\.tensor)
        switch options.rule {
        case .sgd:
            try TorchOptimizers.sgd(
                tensors, momenta: Array(moments[0][range]), rate: rate, momentum: options.momentum,
                decay: decay, factor: factor)
        case .adamW:
            try TorchOptimizers.adamW(
                tensors, first: Array(moments[0][range]), second: Array(moments[1][range]),
                rate: rate, betas: (options.betas[0], options.betas[1]), epsilon: options.epsilon,
                decay: decay, step: steps + 1, factor: factor)
        }
    }

    private func average() throws(TorchError) {
        let kept = min(options.average, Double(1 + steps) / Double(10 + steps))
        try TorchOptimizers.average(
            averages, towards: parameters.entries.map(\.tensor), share: 1 - kept)
    }

    /// Copies the moving averages out, by name.
    func averaged() throws(TorchError) -> [String: Tensor] {
        var numbers: [String: Tensor] = [:]
        for (entry, average) in zip(parameters.entries, averages) {
            numbers[entry.manifest.name] = Tensor(
                dims: entry.manifest.dims, try average.values())
        }
        return numbers
    }
}

/// Checkpoint contents.
extension Optimizer {
    /// All tensors by `kind.name`: `weight`, `average`, and one kind per moment.
    private var states: [(key: String, dims: [Int], tensor: TorchTensor)] {
        var states: [(key: String, dims: [Int], tensor: TorchTensor)] = []
        for (entry, average) in zip(parameters.entries, averages) {
            let (name, dims) = (entry.manifest.name, entry.manifest.dims)
            states.append(("weight.\(name)", dims, entry.tensor))
            states.append(("average.\(name)", dims, average))
        }
        for (number, list) in moments.enumerated() {
            for (entry, moment) in zip(trained, list) {
                let key = "moment\(number + 1).\(entry.manifest.name)"
                states.append((key, entry.manifest.dims, moment))
            }
        }
        return states
    }

    /// All tensors that a step changes, by the keys that ``restore(_:steps:)`` expects.
    func state() throws(TorchError) -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for (key, dims, tensor) in states {
            tensors[key] = Tensor(dims: dims, try tensor.values())
        }
        return tensors
    }

    /// Restores the tensors from ``state()``.
    ///
    /// - Throws: ``CheckpointError`` if a tensor is missing or has other dimensions, or ``TorchError``.
    func restore(_ tensors: [String: Tensor], steps: Int) throws {
        for (key, dims, tensor) in states {
            guard let numbers = tensors[key], numbers.dims == dims else {
                throw CheckpointError.mismatched(key)
            }
            try tensor.assign(TorchTensor(numbers.values, dims).cast(to: tensor.type))
        }
        self.steps = steps
    }
}

extension Parameters.Entry {
    /// True when weight decay applies: weights of layers, but no values per channel.
    fileprivate var decays: Bool { manifest.dims.count > 1 }
}

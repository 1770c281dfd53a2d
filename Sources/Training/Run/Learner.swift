/// Result of one step.
struct StepReport: Hashable, Sendable {
    /// Losses of the batch, in the order of the task's names.
    var losses: [Double]
    /// L2 norm of all gradients before clipping.
    var norm: Double
    /// False if the loss or a gradient was not finite and nothing was updated.
    var isDone: Bool
}

/// Runs training steps: forward pass, losses, backward pass, update.
final class Learner {
    let task: any TrainingTask
    let optimizer: Optimizer

    init(_ task: any TrainingTask, _ recipe: TrainingRecipe) throws {
        self.task = task
        optimizer = try Optimizer(task.parameters, recipe.optimizer)
    }

    /// Runs one training step.
    func step(_ batch: TrainingBatch, at place: StepPlace, rate: Double) throws -> StepReport {
        let losses = try task.losses(of: batch, at: place)
        let values = try losses.map { try $0.item() }
        guard values.reduce(0, +).isFinite else {
            return StepReport(losses: values, norm: .nan, isDone: false)
        }
        try TorchTensor.total(losses).backward()
        let outcome = try optimizer.step(rate: rate)
        return StepReport(losses: values, norm: outcome.norm, isDone: outcome.isDone)
    }
}

extension TorchTensor {
    /// Sum of scalars, in their order.
    static func total(_ scalars: [TorchTensor]) throws(TorchError) -> TorchTensor {
        var total = scalars[0]
        for scalar in scalars.dropFirst() { total = try total.adding(scalar) }
        return total
    }
}

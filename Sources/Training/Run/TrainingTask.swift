internal import Foundation
internal import Tensors

/// Names of a task's losses and of the two figures of its evaluations, in `train.csv` and in progress lines.
struct TaskNames {
    var losses: [String]
    var figures: [String]
}

/// Result of one evaluation.
struct TaskEvaluation {
    /// Figure that decides which model is the best.
    var figure: Double
    /// Second figure.
    var secondFigure: Double
    /// Details as JSON.
    var record: Data
    /// File of the evaluated weights, with the figures in its description.
    var file: ModelFile
}

/// Network of a run with its losses, evaluations and files.
protocol TrainingTask: AnyObject {
    var names: TaskNames { get }
    /// Weights and statistics.
    var parameters: Parameters { get }
    /// Computes the losses of a batch; a step minimizes their sum.
    func losses(of batch: TrainingBatch, at place: StepPlace) throws -> [TorchTensor]
    /// File of a network with these tensors by name.
    func file(_ numbers: [String: Tensor]) throws -> ModelFile
    /// Evaluates a network with these tensors; nil without held-out images.
    func evaluation(_ numbers: [String: Tensor], epoch: Double) throws -> TaskEvaluation?
    /// Completes the averaged weights at the end of a run.
    func completed(_ numbers: [String: Tensor], after batches: Int) throws -> [String: Tensor]
}

extension TrainingTask {
    func completed(_ numbers: [String: Tensor], after batches: Int) -> [String: Tensor] { numbers }
}

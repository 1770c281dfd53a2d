internal import Configuration
internal import Datasets
internal import Foundation
internal import Tensors
internal import ThunderNet

/// Training of a backbone as a classifier, with label smoothing.
final class ClassificationTask: TrainingTask {
    private let description: ClassifierDescription
    private let network: ClassifierNetwork
    private let options: ClassificationOptions
    private let reading: ReadingOptions
    private let parts: TrainerParts
    /// Paths of the held-out sets.
    private let held: String

    init(
        _ description: ClassifierDescription, _ weights: Weights, _ recipe: TrainingRecipe,
        _ parts: TrainerParts
    ) throws {
        self.description = description
        options = recipe.classification ?? ClassificationOptions()
        reading = recipe.reading
        network = try ClassifierNetwork(description, weights, reading)
        self.parts = parts
        held = recipe.held.map(\.path).joined(separator: ", ")
    }

    let names = TaskNames(losses: ["loss"], figures: ["top1", "top5"])

    var parameters: Parameters { network.parameters }

    func losses(of batch: TrainingBatch, at place: StepPlace) throws -> [TorchTensor] {
        let labels = batch.plans.map { $0.annotations.first?.classIndex ?? 0 }
        let logits = try network.logits(batch.images(parts.pictures), batch.extent)
        let targets = try TorchTensor(
            options.targets(labels, classCount: description.classes.count), logits.dims)
        let rows = try logits.crossEntropy(with: targets)
        return [try rows.sum().times(1 / Double(max(1, labels.count)))]
    }

    func file(_ numbers: [String: Tensor]) -> ModelFile {
        ModelFile(
            name: description.name, metadata: [ClassifierDescription.key: description.json],
            tensors: numbers)
    }

    func evaluation(_ numbers: [String: Tensor], epoch: Double) throws -> TaskEvaluation? {
        guard let heldOut = parts.heldOut else { return nil }
        let evaluated = try ClassifierNetwork(description, numbers, reading.forEvaluation)
        var record = try heldOut.evaluation(of: evaluated)
        record.epoch = epoch
        var described = description
        described.accuracy = [
            ClassifierDescription.Accuracy(
                data: "\(held), \(record.images) images", top1: Float(record.top1),
                top5: Float(record.top5))
        ]
        let file = ModelFile(
            name: description.name, metadata: [ClassifierDescription.key: described.json],
            tensors: numbers)
        return TaskEvaluation(
            figure: record.top1, secondFigure: record.top5,
            record: try JSONEncoder().encode(record), file: file)
    }

    /// Measures the statistics of normalizations for the averaged weights, as the mean over the next batches.
    func completed(_ numbers: [String: Tensor], after batches: Int) throws -> [String: Tensor] {
        guard options.recalibration > 0 else { return numbers }
        let measured = try ClassifierNetwork(description, numbers, reading.forMeasurement)
        try TorchLibrary.withoutGradients {
            for number in 0..<options.recalibration {
                let batch = try parts.batches.batch(batches + number, progress: 1)
                measured.statisticsMomentum = 1 / Double(number + 1)
                _ = try measured.logits(batch.images(parts.pictures), batch.extent)
            }
        }
        parts.report("statistics measured over \(options.recalibration) batches")
        return try measured.parameters.numbers()
    }
}

extension ClassificationOptions {
    /// Target probabilities of each label, one row per image.
    func targets(_ labels: [Int], classCount: Int) -> [Float] {
        let share = Float(smoothing) / Float(classCount)
        var targets = [Float](repeating: share, count: labels.count * classCount)
        for (row, label) in labels.enumerated() {
            targets[row * classCount + label] += 1 - Float(smoothing)
        }
        return targets
    }
}

extension ReadingOptions {
    /// The same computation with stored statistics in float32, as inference does it.
    fileprivate var forEvaluation: ReadingOptions {
        var options = self
        (options.type, options.statistics) = (.float32, .frozen)
        return options
    }

    /// The same computation with the batch's statistics in float32.
    fileprivate var forMeasurement: ReadingOptions {
        var options = self
        (options.type, options.statistics) = (.float32, .live)
        return options
    }
}

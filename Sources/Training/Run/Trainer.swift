internal import Configuration
public import Foundation
internal import Scene
internal import Tensors
public import ThunderNet

/// Parts of a run besides its recipe.
public struct TrainerParts {
    /// Source of batches.
    public var batches: any BatchSource
    /// Rule for targets and loss weights.
    public var rule: any TargetRule
    /// Evaluates a model on held-out images; nil for no evaluations.
    public var evaluate: ((Model) throws -> EvaluationRecord)?
    /// Draws batches without pixels on the device; nil if batches have pixels.
    public var pictures: TorchPictures?
    /// Receives progress lines.
    public var report: (String) -> Void
    /// Returns true after a stop request; the run then saves its state and ends.
    public var isStopped: () -> Bool

    /// Creates parts from the given values.
    public init(
        batches: any BatchSource, rule: any TargetRule,
        evaluate: ((Model) throws -> EvaluationRecord)? = nil,
        report: @escaping (String) -> Void = { _ in }, isStopped: @escaping () -> Bool = { false }
    ) {
        self.batches = batches
        self.rule = rule
        self.evaluate = evaluate
        self.report = report
        self.isStopped = isStopped
    }
}

/// A training run in a folder, from a recipe to models; it can be resumed.
///
/// The folder contains `run.safetensors` (the checkpoint), `last.safetensors` and `best.safetensors` (models of the
/// averaged weights), `recipe.json` and `train.csv`.
public final class Trainer {
    /// Reason for the end of a run.
    public enum Ending: String, Hashable, Sendable {
        /// The length of the recipe was reached.
        case done
        /// Evaluations stopped improving.
        case noImprovement = "no improvement"
        /// A stop was requested; the run can be resumed.
        case stopped
    }

    /// Current state of the run.
    public internal(set) var state: RunState
    let recipe: TrainingRecipe
    let folder: URL
    let parts: TrainerParts
    let network: DetectorNetwork
    let learner: Learner
    var table: RunTable
    var clock: RunClock

    /// Prepares a run, resuming from the folder's checkpoint if `resumes` is true.
    ///
    /// - Throws: `ModelError`, ``TorchError`` or ``CheckpointError``.
    public init(
        _ recipe: TrainingRecipe, folder: URL, resumes: Bool = false, threads: Int? = nil,
        parts: TrainerParts
    ) throws {
        if let threads { TorchLibrary.threads = threads }
        self.recipe = recipe
        self.folder = folder
        self.parts = parts
        let description = try recipe.description()
        let start =
            try recipe.start.map {
                try StartingWeights($0, for: description, seed: recipe.seed)
            } ?? StartingWeights(drawing: description, seed: recipe.seed)
        network = try DetectorNetwork(description, start.weights, recipe.reading)
        learner = try Learner(network, recipe, parts.rule, pictures: parts.pictures)
        state = RunState(
            recipe: recipe.digest, data: parts.batches.digest, seed: recipe.seed,
            torch: TorchLibrary.version, processor: TorchLibrary.processor,
            threads: TorchLibrary.threads)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        table = RunTable(folder.appendingPathComponent("train.csv"))
        clock = RunClock()
        if resumes {
            try resume()
        } else {
            parts.report(start.summary(file: recipe.start?.file))
            try DurableFile.replace(
                folder.appendingPathComponent("recipe.json"), with: Array(recipe.json.utf8))
            try table.begin()
        }
        clock.begin(at: state)
    }

    private func resume() throws {
        let checkpoint = try Checkpoint(contentsOf: checkpointFile)
        var former = checkpoint.state
        guard former.recipe == state.recipe else {
            throw CheckpointError.otherRun("its recipe differs")
        }
        guard former.data == state.data else {
            throw CheckpointError.otherRun("its training data differ")
        }
        for difference in state.differences(from: former) {
            parts.report(
                "\(difference), so results may differ by rounding from an uninterrupted run.")
        }
        (former.torch, former.processor, former.threads) = (
            state.torch, state.processor, state.threads
        )
        try learner.optimizer.restore(checkpoint.tensors, steps: former.steps)
        state = former
        try table.resume(after: state.batches)
        parts.report("resumes after \(state.batches) batches")
    }

    var checkpointFile: URL { folder.appendingPathComponent("run.safetensors") }

    /// Completed share of the run after a number of batches, 0 to 1.
    func progress(after batches: Int) -> Double {
        switch recipe.length {
        case .epochs(let epochs):
            min(1, Double(batches) / max(1, epochs * Double(parts.batches.batchesPerEpoch)))
        case .seconds(let seconds): min(1, clock.seconds / max(1, seconds))
        }
    }

    /// Trains until the recipe's length is reached, evaluations stop improving, or a stop is requested.
    public func run() throws -> Ending {
        let prefetcher = BatchPrefetcher(parts.batches)
        while progress(after: state.batches) < 1 {
            if parts.isStopped() {
                try save()
                return .stopped
            }
            try learn(prefetcher)
            guard try evaluateWhenDue() else {
                try finish()
                return .noImprovement
            }
            if clock.isDue(every: recipe.checkpointSeconds) { try save() }
        }
        if state.latest?.batches != state.batches { _ = try evaluate() }
        try finish()
        return .done
    }

    private func learn(_ prefetcher: BatchPrefetcher) throws {
        let place = StepPlace(step: state.batches, progress: progress(after: state.batches))
        let batch = try prefetcher.batch(
            state.batches, progress: place.progress,
            nextProgress: progress(after: state.batches + 1))
        let rate = recipe.schedule.rate(at: place)
        let report = try learner.step(batch, at: place, rate: rate)
        state.batches += 1
        state.pictures += batch.plans.count
        if report.isDone { state.steps += 1 } else { state.skipped += 1 }
        clock.mark(&state)
        try table.append(report, rate: rate, state, epoch: epoch)
        if let line = table.line(state, progress: progress(after: state.batches), clock) {
            parts.report(line)
        }
    }

    var epoch: Double { Double(state.batches) / Double(max(1, parts.batches.batchesPerEpoch)) }

    /// Evaluates if an evaluation is due; false if evaluations stopped improving.
    private func evaluateWhenDue() throws -> Bool {
        let every = max(
            1, Int((recipe.evaluation.every * Double(parts.batches.batchesPerEpoch)).rounded()))
        guard state.batches % every == 0 else { return true }
        _ = try evaluate()
        guard let patience = recipe.evaluation.patience, let best = state.best else { return true }
        return (state.batches - best.batches) / every < patience
    }

    /// Evaluates the averaged weights and saves them if they are the best so far.
    private func evaluate() throws -> Bool {
        guard let measure = parts.evaluate else { return true }
        var model = try averagedModel()
        var record = try measure(model)
        record.epoch = epoch
        let result = RunState.Evaluated(
            batches: state.batches, averagePrecision: record.averagePrecision ?? 0,
            averagePrecision50: record.averagePrecision50 ?? 0)
        model = model.withAccuracy([accuracy(record)])
        let isBetter = state.best.map { result.averagePrecision > $0.averagePrecision } ?? true
        state.latest = result
        clock.mark(&state)
        if isBetter {
            state.best = result
            try write(model, to: "best.safetensors")
        }
        try table.append(result, state, epoch: epoch)
        try DurableFile.replace(
            folder.appendingPathComponent("evaluation.json"),
            with: Array(try JSONEncoder().encode(record)))
        parts.report(result.line(epoch: epoch, isBest: isBetter))
        return isBetter
    }

    /// Accuracy of an evaluation for the model's description.
    private func accuracy(_ record: EvaluationRecord) -> ModelDescription.Accuracy {
        let input = network.description.input
        return ModelDescription.Accuracy(
            data: recipe.held.map(\.path).joined(separator: ", ") + ", \(record.images) images",
            width: input.width, height: input.height,
            averagePrecision: Float(record.averagePrecision ?? 0),
            averagePrecision50: Float(record.averagePrecision50 ?? 0))
    }

    /// Model of the averaged weights.
    public func averagedModel() throws -> Model {
        try network.model(learner.optimizer.averaged())
    }

    private func finish() throws {
        try save()
        if parts.evaluate == nil { try write(averagedModel(), to: "best.safetensors") }
    }

    /// Saves the checkpoint and the latest model.
    func save() throws {
        clock.mark(&state)
        try Checkpoint(state: state, tensors: learner.optimizer.state()).write(to: checkpointFile)
        try write(averagedModel(), to: "last.safetensors")
        try table.flush()
        clock.saved()
    }

    private func write(_ model: Model, to name: String) throws {
        let file = model.file(name: name)
        let bytes = try Safetensors.encode(
            metadata: file.metadata, tensors: file.tensors, precision: .float32)
        try DurableFile.replace(folder.appendingPathComponent(name), with: bytes)
    }
}

extension RunState {
    /// Differences of the machine from the one that wrote the checkpoint, as clauses.
    fileprivate func differences(from former: RunState) -> [String] {
        var clauses: [String] = []
        if former.threads != threads {
            clauses.append("\(threads) threads are used instead of \(former.threads)")
        }
        if former.torch != torch {
            clauses.append("libtorch \(torch) is used instead of \(former.torch)")
        }
        if former.processor != processor {
            clauses.append("the CPU has \(processor) instead of \(former.processor)")
        }
        return clauses
    }
}

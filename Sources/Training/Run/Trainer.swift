internal import Configuration
public import Foundation
internal import Scene
internal import Tensors
public import ThunderNet

/// What a run needs from outside, besides its recipe.
public struct TrainerParts {
    /// The batches.
    public var batches: any BatchSource
    /// The choice of what is learned from them.
    public var rule: any TargetRule
    /// Measures a model on pictures that are not trained on; nil measures nothing.
    public var evaluate: ((Model) throws -> EvaluationRecord)?
    /// Takes lines for people.
    public var say: (String) -> Void
    /// Whether the run was asked to stop: it saves and ends.
    public var isStopped: () -> Bool

    /// Parts by themselves.
    public init(
        batches: any BatchSource, rule: any TargetRule,
        evaluate: ((Model) throws -> EvaluationRecord)? = nil,
        say: @escaping (String) -> Void = { _ in }, isStopped: @escaping () -> Bool = { false }
    ) {
        self.batches = batches
        self.rule = rule
        self.evaluate = evaluate
        self.say = say
        self.isStopped = isStopped
    }
}

/// A training run: from a recipe to models, in a folder that it may go on in.
///
/// The folder holds `run.safetensors` (the state), `last.safetensors` and `best.safetensors` (models of averaged
/// weights), `recipe.json` and `train.csv`.
public final class Trainer {
    /// Why a run ended.
    public enum Ending: String, Hashable, Sendable {
        /// All that was asked for is done.
        case done
        /// It no longer got better.
        case flat
        /// It was asked to stop; it can go on.
        case stopped
    }

    /// The place reached.
    public internal(set) var state: RunState
    let recipe: TrainingRecipe
    let folder: URL
    let parts: TrainerParts
    let network: DetectorNetwork
    let learner: Learner
    var table: RunTable
    var clock: RunClock
    /// Evaluations since the best one.
    private var flat = 0

    /// Prepares a run; with `resumes`, from the state that the folder holds.
    ///
    /// - Throws: `ModelError`, ``TorchError`` or ``CheckpointError`` that says what is wrong.
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
        learner = try Learner(network, recipe, parts.rule)
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
            parts.say(start.summary(file: recipe.start?.file))
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
            parts.say("\(difference), so the run goes on with other last digits.")
        }
        (former.torch, former.processor, former.threads) = (
            state.torch, state.processor, state.threads
        )
        try learner.optimizer.restore(checkpoint.tensors, steps: former.steps)
        state = former
        try table.resume(after: state.batches)
        parts.say("goes on after \(state.batches) batches")
    }

    var checkpointFile: URL { folder.appendingPathComponent("run.safetensors") }

    /// The share of the run that is done, 0 to 1, after so many batches.
    func progress(after batches: Int) -> Double {
        switch recipe.length {
        case .epochs(let epochs):
            min(1, Double(batches) / max(1, epochs * Double(parts.batches.batchesPerEpoch)))
        case .seconds(let seconds): min(1, clock.seconds / max(1, seconds))
        }
    }

    /// Trains until the recipe is done, nothing gets better, or the run is asked to stop.
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
                return .flat
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
            parts.say(line)
        }
    }

    var epoch: Double { Double(state.batches) / Double(max(1, parts.batches.batchesPerEpoch)) }

    /// Evaluates where it is time to; false where nothing has become better for too long.
    private func evaluateWhenDue() throws -> Bool {
        let every = max(
            1, Int((recipe.evaluation.every * Double(parts.batches.batchesPerEpoch)).rounded()))
        guard state.batches % every == 0 else { return true }
        let isBetter = try evaluate()
        flat = isBetter ? 0 : flat + 1
        return recipe.evaluation.patience.map { flat < $0 } ?? true
    }

    /// Measures the averaged weights and keeps them where they are the best so far.
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
        parts.say(result.line(epoch: epoch, isBest: isBetter))
        return isBetter
    }

    /// The figures of an evaluation for the model's description.
    private func accuracy(_ record: EvaluationRecord) -> ModelDescription.Accuracy {
        let input = network.description.input
        return ModelDescription.Accuracy(
            data: recipe.held.map(\.path).joined(separator: ", ") + ", \(record.images) images",
            width: input.width, height: input.height,
            averagePrecision: Float(record.averagePrecision ?? 0),
            averagePrecision50: Float(record.averagePrecision50 ?? 0))
    }

    /// The averaged weights as a model.
    public func averagedModel() throws -> Model {
        try network.model(learner.optimizer.averaged())
    }

    private func finish() throws {
        try save()
        if parts.evaluate == nil { try write(averagedModel(), to: "best.safetensors") }
    }

    /// Writes the state and the model of the moment.
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
    /// What differs on this machine from the one that wrote the state, as clauses.
    fileprivate func differences(from former: RunState) -> [String] {
        var clauses: [String] = []
        if former.threads != threads {
            clauses.append("\(threads) threads are used where \(former.threads) were")
        }
        if former.torch != torch {
            clauses.append("libtorch is \(torch) where it was \(former.torch)")
        }
        if former.processor != processor {
            clauses.append("the processor offers \(processor) where it was \(former.processor)")
        }
        return clauses
    }
}

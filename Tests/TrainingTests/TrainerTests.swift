import Configuration
import Datasets
import Foundation
import Scene
import Synchronization
import Tensors
import TestSupport
import Testing
import ThunderNet

@testable import Training

/// Whole runs of a small network on synthetic batches.
@Suite(.enabled(if: TorchLibrary.isAvailable, "needs a build with the trait Training"), .serialized)
struct TrainerTests {
    /// Noise with one box per image; a batch depends only on its index.
    struct Batches: BatchSource {
        var batchesPerEpoch = 5
        var batchSize = 2
        var digest = "noise"
        /// Index of a batch with pixels that are not finite.
        var broken: Int?

        func batch(_ number: Int, progress: Double) throws -> TrainingBatch {
            let extent = PictureExtent(width: 96, height: 64)
            var pixels = noise(2 * 3 * 96 * 64, seed: UInt64(number + 1))
            if number == broken { pixels[7] = .nan }
            let plans = (0..<2).map { picture in
                PicturePlan(
                    extent: extent, patches: [],
                    annotations: [
                        Annotation(
                            classIndex: (number + picture) % 3,
                            box: Box(
                                x: Float(8 * (number % 5)), y: 10, width: 36,
                                height: Float(30 + picture)))
                    ])
            }
            return TrainingBatch(extent: extent, pixels: pixels, plans: plans)
        }
    }

    private func recipe(
        _ reading: ReadingOptions = ReadingOptions(), epochs: Double = 2
    ) -> TrainingRecipe {
        var model = ModelDescription(
            name: "small", backbone: "snet49", classes: ["a", "b", "c"], width: 96, height: 64)
        model.anchors.scales = [16, 32, 64]
        var recipe = TrainingRecipe(
            model: model, length: .epochs(epochs), sizes: [.init(width: 96, height: 64)])
        recipe.reading = reading
        recipe.batch = 2
        recipe.schedule.warmUp = 3
        return recipe
    }

    private func trainer(
        _ recipe: TrainingRecipe, _ scratch: Scratch, resumes: Bool = false, threads: Int = 2,
        _ change: (inout TrainerParts) -> Void = { _ in }
    ) throws -> Trainer {
        var parts = TrainerParts(
            batches: Batches(), rule: RecipeRule(recipe, try recipe.description()))
        change(&parts)
        return try Trainer(
            recipe, folder: scratch.file("run"), resumes: resumes, threads: threads, parts: parts)
    }

    /// Requests a stop after a number of batches.
    private func stop(after count: Int) -> (inout TrainerParts) -> Void {
        { parts in
            let asked = Mutex(0)
            parts.isStopped = {
                asked.withLock { asked in
                    asked += 1
                    return asked > count
                }
            }
        }
    }

    @Test(
        arguments: [
            ReadingOptions(), ReadingOptions(statistics: .live),
            ReadingOptions(type: .bfloat16, depthwise: .fast),
        ])
    func resumedRunEqualsUninterruptedRunBitForBit(reading: ReadingOptions) throws {
        let (whole, parts) = (try Scratch(), try Scratch())
        let recipe = recipe(reading)
        let first = try trainer(recipe, whole)
        #expect(try first.run() == .done)
        #expect(try trainer(recipe, parts, stop(after: 4)).run() == .stopped)
        let second = try trainer(recipe, parts, resumes: true)
        #expect(second.state.batches == 4)
        #expect(try second.run() == .done)
        let (one, two) = (try first.learner.optimizer.state(), try second.learner.optimizer.state())
        #expect(one.count == two.count)
        for (name, tensor) in one {
            let same = two[name].map { $0 == tensor } ?? false
            #expect(same, "\(name)")
        }
        let tables = try [whole, parts].map { scratch in
            try String(contentsOf: scratch.file("run/train.csv"), encoding: .utf8)
                .split(separator: "\n").map { row in
                    // All columns but the seconds.
                    row.split(separator: ",", omittingEmptySubsequences: false).enumerated()
                        .filter { $0.offset != 3 }.map { String($0.element) }
                }
        }
        #expect(tables[0] == tables[1])
        #expect(tables[0].count == 11)
    }

    @Test func changedThreadCountIsReported() throws {
        let scratch = try Scratch()
        #expect(try trainer(recipe(), scratch, stop(after: 1)).run() == .stopped)
        let reported = Mutex([String]())
        _ = try trainer(recipe(), scratch, resumes: true, threads: 1) { parts in
            parts.report = { line in reported.withLock { $0.append(line) } }
        }
        let lines = reported.withLock { $0 }
        #expect(lines.contains { $0.hasPrefix("1 threads are used instead of 2") })
        TorchLibrary.threads = 2
    }

    @Test func resumingWithAnotherRecipeOrSetIsRefused() throws {
        let scratch = try Scratch()
        #expect(try trainer(recipe(), scratch, stop(after: 1)).run() == .stopped)
        var other = recipe()
        other.schedule.rate *= 2
        #expect(throws: CheckpointError.self) { try trainer(other, scratch, resumes: true) }
        #expect(throws: CheckpointError.self) {
            try trainer(recipe(), scratch, resumes: true) { $0.batches = Batches(digest: "other") }
        }
        // Settings of checkpoints and evaluations may change.
        other = recipe()
        (other.checkpointSeconds, other.evaluation.every) = (1, 3)
        _ = try trainer(other, scratch, resumes: true)
    }

    @Test func nonFiniteBatchesAreSkippedAndCounted() throws {
        let scratch = try Scratch()
        let trainer = try trainer(recipe(epochs: 1), scratch) { $0.batches = Batches(broken: 2) }
        #expect(try trainer.run() == .done)
        #expect(trainer.state.skipped == 1)
        #expect(trainer.state.steps == 4)
        let state = try trainer.learner.optimizer.state()
        for (name, tensor) in state {
            #expect(tensor.firstIndex { !$0.isFinite } == nil, "\(name)")
        }
    }

    @Test func lastModelRunsWithTheInferencePlan() throws {
        let scratch = try Scratch()
        #expect(try trainer(recipe(epochs: 0.4), scratch).run() == .done)
        #expect(scratch.names == ["run"])
        let model = try Model(contentsOf: scratch.file("run/last.safetensors"))
        var detector = try Detector(model: model)
        var detections: [Detection] = []
        let picture = [UInt8](repeating: 100, count: 3 * 96 * 64)
        detector.detect(rgb: picture.span, width: 96, height: 64, into: &detections)
        #expect(detections.allSatisfy { $0.score.isFinite })
    }

    @Test func runEndsWithoutImprovement() throws {
        let scratch = try Scratch()
        var recipe = recipe(epochs: 50)
        (recipe.evaluation.every, recipe.evaluation.patience) = (0.4, 2)
        let scores = Mutex([0.1, 0.3, 0.2, 0.25, 0.9])
        let trainer = try trainer(recipe, scratch) { parts in
            parts.evaluate = { _ in
                var record = EvaluationRecord([], stored: [], classes: ["a", "b", "c"])
                record.averagePrecision = scores.withLock { $0.removeFirst() }
                return record
            }
        }
        #expect(try trainer.run() == .noImprovement)
        #expect(trainer.state.best?.averagePrecision == 0.3)
        #expect(trainer.state.batches == 8)
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path("run"))
            .sorted()
        #expect(
            names == [
                "best.safetensors", "evaluation.json", "last.safetensors", "recipe.json",
                "run.safetensors", "train.csv",
            ])
    }

    @Test func startingWeightsTakeTheOutputsOfSharedClassesByName() throws {
        let description = try recipe().description()
        #expect(description.classes == ["a", "b", "c"])
        var other = description
        other.classes = ["c", "d", "b", "e"]
        let model = try Model.untrained(other, seed: 5)
        let file = model.file(name: "start")
        let start = try StartingWeights(file, part: .whole, for: description, seed: 1)
        #expect(start.matchedClasses == ["b", "c"] && start.differing.isEmpty)
        #expect(start.summary(file: "start").contains("classes b, c"))
        func rows(_ tensor: Tensor) -> [ArraySlice<Float>] {
            let length = tensor.count / tensor.dims[0]
            return (0..<tensor.dims[0]).map { tensor.values[$0 * length..<($0 + 1) * length] }
        }
        for name in ["head.classes.weight", "head.classes.bias"] {
            let drawn = try StartingWeights(drawing: description, seed: 1).weights[name]
            let (own, theirs) = (rows(start.weights[name]), rows(model.weights[name]))
            #expect(own[0] == rows(drawn)[0], "a is drawn")
            #expect(own[1] == theirs[2] && own[2] == theirs[0] && own[3] == theirs[4])
        }
    }

    @Test func classesInAnotherOrderAreMatchedByName() throws {
        let description = try recipe().description()
        var other = description
        other.classes = ["c", "b", "a"]
        let model = try Model.untrained(other, seed: 5)
        let start = try StartingWeights(
            model.file(name: "start"), part: .whole, for: description, seed: 1)
        let (own, theirs) = (
            start.weights["head.classes.bias"].values, model.weights["head.classes.bias"].values
        )
        #expect(own == [theirs[2], theirs[1], theirs[0], theirs[3]])
    }

    @Test func patienceCountsEvaluationsAcrossAResume() throws {
        let scratch = try Scratch()
        var recipe = recipe(epochs: 50)
        (recipe.evaluation.every, recipe.evaluation.patience) = (0.4, 2)
        let scores = Mutex([0.3, 0.2, 0.1, 0.9])
        func run(resumes: Bool, until limit: Int) throws -> Trainer.Ending {
            var evaluations = 0
            let trainer = try trainer(recipe, scratch, resumes: resumes) { parts in
                parts.evaluate = { _ in
                    evaluations += 1
                    var record = EvaluationRecord([], stored: [], classes: ["a", "b", "c"])
                    record.averagePrecision = scores.withLock { $0.removeFirst() }
                    return record
                }
                parts.isStopped = { evaluations >= limit }
            }
            return try trainer.run()
        }
        #expect(try run(resumes: false, until: 2) == .stopped)
        #expect(try run(resumes: true, until: 9) == .noImprovement)
        #expect(scores.withLock { $0 } == [0.9])
    }

    @Test func startingWeightsTakeMatchingTensorsAndReportOthers() throws {
        let description = try recipe().description()
        var other = description
        other.classes = ["x", "y"]
        let model = try Model.untrained(other, seed: 5)
        let file = model.file(name: "start")
        let whole = try StartingWeights(file, part: .whole, for: description, seed: 1)
        #expect(whole.differing == ["head.classes.bias", "head.classes.weight"])
        #expect(whole.weights["head.dense.weight"] == model.weights["head.dense.weight"])
        #expect(whole.summary(file: "start").contains("2 with other dimensions"))
        let backbone = try StartingWeights(file, part: .backbone, for: description, seed: 1)
        #expect(backbone.weights["head.dense.weight"] != model.weights["head.dense.weight"])
        #expect(
            backbone.weights["backbone.stem.conv.weight"]
                == model.weights["backbone.stem.conv.weight"])
        let nothing = ModelFile(name: "x", metadata: [:], tensors: ["y": Tensor(dims: [1])])
        #expect(throws: ModelError.self) {
            try StartingWeights(nothing, part: .whole, for: description, seed: 1)
        }
    }
}

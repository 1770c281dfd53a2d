import Configuration
import Datasets
import Foundation
import Scene
import TestSupport
import Testing
import ThunderNet

@testable import Training

/// End-to-end training from drawn images to a model that detects the drawn objects.
@Suite(
    .enabled(if: TorchLibrary.isAvailable, "needs a build with the trait Training"),
    .enabled(if: isOptimized, "would take minutes without optimization"))
struct LearningTests {
    @Test func eightDrawnImagesAreLearned() throws {
        let drawn = DrawnPictures(8)
        let pictures = drawn.set.pictures.map { picture in
            var picture = picture
            picture.unlabelled = []
            return picture
        }
        let set = TrainingSet(classes: drawn.set.classes, pictures: pictures)
        var model = ModelDescription(
            name: "drawn", backbone: "snet49", classes: set.classes, width: 160, height: 96)
        model.anchors.scales = [16, 24, 32, 48]
        var recipe = TrainingRecipe(
            model: model, length: .epochs(240), sizes: [.init(width: 160, height: 96)])
        recipe.batch = 8
        recipe.augmentation = .none
        (recipe.sampling.rareShare, recipe.sampling.emptyFactor) = (0, 1)
        recipe.reading.statistics = .live
        recipe.optimizer.rule = .adamW
        recipe.optimizer.decay = 0.01
        recipe.optimizer.average = 0.95
        recipe.schedule = RateSchedule(rate: 2e-3, warmUp: 20)
        recipe.evaluation.every = 1000
        let held = HeldOutPictures(set, drawn.pixels)
        let scratch = try Scratch()
        var found = 0.0
        let parts = TrainerParts(
            batches: StoreBatches(set, drawn.pixels, recipe, model.input.normalization),
            rule: RecipeRule(recipe, model),
            evaluate: { model in
                let metrics = try held.evaluation(of: model)
                found = metrics.averagePrecision50 ?? 0
                return metrics
            })
        let trainer = try Trainer(
            recipe, folder: scratch.file("run"), threads: 2, parts: parts)
        #expect(try trainer.run() == .done)
        #expect(found > 0.9)
        #expect(trainer.state.skipped == 0)
    }
}

import Configuration
import Datasets
import Foundation
import Scene
import Testing
import ThunderNet

@testable import Training

/// Inputs drawn by libtorch beside those of the renderer on the CPU.
@Suite(.enabled(if: TorchLibrary.isAvailable, "needs a build with the trait Training"))
struct TorchPicturesTests {
    /// Smooth images with noise, of three sizes; smoothness bounds what rounding of weights may change.
    private static let pixels: [DecodedPicture] = (0..<9).map { number in
        let extent = [
            PictureExtent(width: 160, height: 90), PictureExtent(width: 97, height: 131),
            PictureExtent(width: 640, height: 360),
        ][number % 3]
        let grain = noise(3 * extent.width * extent.height, seed: UInt64(number + 1))
        var rgb: [UInt8] = []
        for row in 0..<extent.height {
            for column in 0..<extent.width {
                for channel in 0..<3 {
                    let angle = Float(column * (channel + 1) + row * 2 + 40 * number) / 30
                    let value = 128 + 90 * sin(angle) + 8 * grain[rgb.count]
                    rgb.append(UInt8(max(0, min(255, value))))
                }
            }
        }
        return DecodedPicture(extent: extent, source: extent, rgb: rgb)
    }

    private static let set = TrainingSet(
        classes: ["a"],
        pictures: pixels.indices.map { index in
            let extent = pixels[index].extent
            let box = Box(
                x: 5, y: 5, width: Float(extent.width) / 3, height: Float(extent.height) / 4)
            return TrainingPicture(
                stored: index, extent: extent,
                annotations: [Annotation(classIndex: 0, box: box)])
        })

    private static let model = ModelDescription(
        name: "small", backbone: "snet49", classes: ["a"], width: 96, height: 64)

    private static let normalization: InputNormalization = {
        var normalization = model.input.normalization
        normalization.channels = .bgr
        return normalization
    }()

    private func plans(_ extent: PictureExtent) -> [PicturePlan] {
        var options = AugmentationOptions()
        (options.mosaic, options.paste, options.pastedClasses) = (0.5, 1, [0])
        let augmenter = Augmenter(Self.set, options: options, seed: 5)
        return (0..<24).map {
            augmenter.plan(
                picture: $0 % Self.pixels.count, epoch: 0, place: $0, extent: extent, progress: 0)
        }
    }

    @Test(arguments: [(128, 96), (320, 192), (33, 21)])
    func inputsEqualTheRenderersButForRounding(_ side: (width: Int, height: Int)) throws {
        let extent = PictureExtent(width: side.width, height: side.height)
        let plans = plans(extent)
        #expect(plans.contains { $0.patches.count == 4 })
        #expect(plans.contains { $0.patches.contains { $0.feather > 0 } })
        #expect(Set(plans.flatMap(\.patches).map(\.level)).count > 1)
        let pictures = try TorchPictures(Self.set, Self.pixels, Self.normalization)
        let found = try pictures.render(plans, extent).values()
        var renderer = PictureRenderer()
        let writer = InputWriter(Self.normalization, order: .pixels)
        var canvas: [UInt8] = []
        let count = 3 * extent.width * extent.height
        var numbers = [Float](repeating: 0, count: count)
        for (index, plan) in plans.enumerated() {
            renderer.render(plan, from: Self.pixels, into: &canvas)
            var span = numbers.mutableSpan
            writer.write(canvas.span, plan.color, into: &span)
            // Levels of 255, times the greatest contrast that the color transform may give.
            let differences = (0..<count).map { abs(found[index * count + $0] - numbers[$0]) * 57 }
            let strong = differences.count { $0 > 4 }
            #expect(strong <= count / 500, "input \(index): \(strong) of \(count)")
            #expect(differences.reduce(0, +) / Float(count) < 0.6, "input \(index)")
        }
    }

    @Test func batchesWithoutPixelsAreLearnedLikeOthers() throws {
        var recipe = TrainingRecipe(
            model: Self.model, length: .epochs(1), sizes: [.init(width: 96, height: 64)])
        recipe.batch = 2
        let model = try recipe.description()
        let normalization = model.input.normalization
        let weights = try StartingWeights(drawing: model, seed: 1).weights
        let losses = try [true, false].map { isDrawn in
            let batches = StoreBatches(
                Self.set, Self.pixels, recipe, normalization, isDrawn: isDrawn)
            let learner = try Learner(
                DetectorNetwork(model, weights, recipe.reading), recipe, RecipeRule(recipe, model),
                pictures: TorchPictures(Self.set, Self.pixels, normalization))
            let batch = try batches.batch(0, progress: 0)
            #expect((batch.pixels != nil) == isDrawn)
            return try learner.loss(of: batch, at: StepPlace(step: 0, progress: 0)).values().total
        }
        #expect(abs(losses[0] - losses[1]) < 0.02 * losses[0], "\(losses)")
    }
}

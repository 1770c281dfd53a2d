import Configuration
import Datasets
import Foundation
import Scene
import Tensors
import TestSupport
import Testing
import ThunderNet

@testable import Training

/// Losses and gradients of three steps compared with those of a PyTorch reference.
@Suite(.enabled(if: TorchLibrary.isAvailable, "needs a build with the trait Training"))
struct ThreeStepsTests {
    struct Golden: Decodable {
        struct Step: Decodable {
            var losses: [Double]
            var norm: Double
            var norms: [String: Double]?
        }

        var live: [Step]
        var frozen: [Step]
    }

    /// Every seventh anchor counts, every twenty-first learns a box; twelve regions per image.
    struct Rule: TargetRule {
        static let regionCode = BoxCoder(deviations: SIMD4(0.1, 0.1, 0.2, 0.2), limit: 4.135)

        func anchors(
            _ view: AnchorView, of plan: PicturePlan, picture: Int, at place: StepPlace
        ) -> AnchorTargets {
            let boxes = view.grid.boxes
            let matched = boxes.indices.filter { $0 % 21 == picture }
            let judged = boxes.indices.filter { $0 % 7 == picture }
            // Matched anchors appear twice: once for the box alone.
            return AnchorTargets(
                anchors: matched + judged,
                objectness: (matched + judged).map { $0 % 3 == 0 ? 1 : 0 },
                positiveCount: matched.count, deltas: [],
                boxes: matched.map { boxes[$0].shifted(0.1, -0.05, 1.2, 0.8) })
        }

        func anchorWeights(_ losses: BatchLosses, at place: StepPlace) -> BatchWeights {
            var weights = BatchWeights(classification: [], localization: [])
            for (count, positives) in zip(losses.counts, losses.positiveCounts) {
                let judged = count - positives
                weights.classification += [Float](repeating: 0, count: positives)
                weights.classification += [Float](repeating: 0.5 / Float(judged), count: judged)
                weights.localization += [Float](repeating: 0.5 / 256, count: count)
            }
            return weights
        }

        func regions(
            _ proposals: [Box], of plan: PicturePlan, picture: Int, at place: StepPlace
        ) -> RegionTargets {
            let numbers = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 6]
            let boxes = numbers.map {
                Box(x: 4 * Float($0), y: 2 * Float($0), width: 30, height: 24)
            }
            return RegionTargets(
                regions: boxes, classes: numbers.map { $0 % 7 }, positiveCount: 11,
                deltas: boxes[..<11].map {
                    Self.regionCode.encode($0.shifted(0.05, 0.1, 1.1, 0.9), relativeTo: $0)
                }, unlabelled: [])
        }

        func regionWeights(_ losses: BatchLosses, at place: StepPlace) -> BatchWeights {
            let count = losses.losses.count
            let even = [Float](repeating: 1 / Float(count), count: count)
            return BatchWeights(classification: even, localization: even)
        }
    }

    static func batch() -> TrainingBatch {
        let (width, height) = (160, 96)
        var pixels = [Float](repeating: 0, count: 2 * 3 * width * height)
        for index in pixels.indices {
            let (pixel, channel) = index.quotientAndRemainder(dividingBy: 3)
            let (picture, place) = pixel.quotientAndRemainder(dividingBy: width * height)
            let planar = (picture * 3 + channel) * width * height + place
            pixels[index] = Float(planar * 7919 % 255) / 128 - 1
        }
        let extent = PictureExtent(width: width, height: height)
        return TrainingBatch(
            extent: extent, pixels: pixels,
            plans: Array(repeating: PicturePlan(extent: extent, patches: []), count: 2))
    }

    static func description() -> ModelDescription {
        ModelDescription(
            name: "golden", backbone: "snet49", classes: (0..<6).map { "class \($0)" }, width: 160,
            height: 96)
    }

    static func learner(
        _ reading: ReadingOptions, change: (inout TrainingRecipe) -> Void = { _ in }
    ) throws -> Learner {
        let description = description()
        var recipe = TrainingRecipe(
            model: description, length: .epochs(1), sizes: [.init(width: 160, height: 96)])
        recipe.reading = reading
        change(&recipe)
        let graph = try description.graph(width: 32, height: 32)
        let network = try DetectorNetwork(
            description, .random(for: [graph.body, graph.head]), reading)
        return try Learner(DetectionTask(network, recipe, Rule()), recipe)
    }

    @Test(arguments: NormStatistics.allCases)
    func lossesAndGradientsMatchPyTorch(statistics: NormStatistics) throws {
        let url = Shared.root.appendingPathComponent("Tests/TrainingTests/Golden/three-steps.json")
        let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
        let steps = statistics == .live ? golden.live : golden.frozen
        let learner = try Self.learner(ReadingOptions(statistics: statistics))
        // Live statistics of few cells amplify rounding from step to step: the reference differs from itself as much
        // when its maps have another memory layout (norms by 0.1 %, 0.6 % and 24 %).
        let isLive = statistics == .live
        let tolerances = isLive ? [1e-4, 2e-3, 3e-2] : [1e-5, 3e-5, 1e-4]
        let normTolerances = isLive ? [5e-3, 3e-2, 0.5] : [1e-4, 3e-4, 1e-3]
        for (number, step) in steps.enumerated() {
            let tolerance = tolerances[number]
            let place = StepPlace(step: number, progress: 0)
            let losses = try learner.task.losses(of: Self.batch(), at: place)
            let found = try losses.map { try $0.item() }
            try TorchTensor.total(losses).backward()
            if let norms = step.norms { try expect(norms, learner, within: 100 * tolerance) }
            let outcome = try learner.optimizer.step(rate: 0.002)
            #expect(outcome.isDone)
            #expect(
                abs(outcome.norm - step.norm) < normTolerances[number] * step.norm, "step \(number)"
            )
            for (mine, theirs) in zip(found, step.losses) {
                #expect(abs(mine - theirs) < tolerance * max(1, theirs), "step \(number)")
            }
        }
    }

    private func expect(
        _ norms: [String: Double], _ learner: Learner, within tolerance: Double
    ) throws {
        let largest = norms.values.max() ?? 1
        for entry in learner.task.parameters.trained {
            let golden = try #require(norms[entry.manifest.name], "\(entry.manifest.name)")
            let values = try #require(entry.tensor.gradient).doubles()
            let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(
                abs(norm - golden) < tolerance * max(golden, 1e-3 * largest),
                "\(entry.manifest.name)")
        }
        #expect(norms.count == learner.task.parameters.trained.count)
    }
}

extension Box {
    /// Moves the box by shares of its sides and scales it about its new center.
    func shifted(_ dx: Float, _ dy: Float, _ sx: Float, _ sy: Float) -> Box {
        let (w, h) = (width * sx, height * sy)
        return Box(
            x: centerX + dx * width - w / 2, y: centerY + dy * height - h / 2, width: w, height: h)
    }
}

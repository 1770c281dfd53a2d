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

/// Images of four shapes in random dark colors, places and sizes.
struct DrawnShapes {
    static let classes = ["bars", "cross", "frame", "square"]
    static let extent = PictureExtent(width: 32, height: 32)
    let set: TrainingSet
    let pixels: [DecodedPicture]

    /// Draws `count` images of each shape.
    init(_ count: Int, seed: UInt64) {
        var pixels: [DecodedPicture] = []
        var pictures: [TrainingPicture] = []
        for index in 0..<4 * count {
            var random = RandomStream(seed: seed, epoch: 0, item: index, purpose: .weights)
            let rgb = Self.draw(index % 4, &random)
            pixels.append(DecodedPicture(extent: Self.extent, source: Self.extent, rgb: rgb))
            pictures.append(
                TrainingPicture(
                    stored: index, extent: Self.extent,
                    annotations: [
                        Annotation(
                            classIndex: index % 4, box: Box(x: 0, y: 0, width: 32, height: 32))
                    ]))
        }
        self.pixels = pixels
        set = TrainingSet(classes: Self.classes, pictures: pictures)
    }

    private static func draw(_ shape: Int, _ random: inout RandomStream) -> [UInt8] {
        let radius = 6 + random.unit() * 5
        let (x, y) = (11 + random.unit() * 10, 11 + random.unit() * 10)
        let colors = (0..<6).map { UInt8(random.index(below: 100) + ($0 < 3 ? 0 : 155)) }
        return (0..<32 * 32).flatMap { place -> [UInt8] in
            let (dx, dy) = (abs(Float(place % 32) - x), abs(Float(place / 32) - y))
            let isInside =
                switch shape {
                case 0: max(dx, dy) < radius && Int(dy) % 4 < 2
                case 1: max(dx, dy) < radius && min(dx, dy) < 2.5
                case 2: max(dx, dy) < radius && max(dx, dy) > radius - 3
                default: max(dx, dy) < radius
                }
            return Array(isInside ? colors[..<3] : colors[3...])
        }
    }
}

/// Training of classifiers.
@Suite(.enabled(if: TorchLibrary.isAvailable, "needs a build with the trait Training"), .serialized)
struct ClassificationTests {
    private static let shapes = DrawnShapes(64, seed: 3)
    private static let others = DrawnShapes(50, seed: 4)

    private func recipe(
        epochs: Double, backbone: String = "snet49", stemStride: Int = 2,
        reading: ReadingOptions = ReadingOptions(statistics: .live)
    ) -> TrainingRecipe {
        var options = ClassificationOptions()
        (options.stemStride, options.leastArea, options.recalibration) = (stemStride, 0.8, 8)
        var description = ClassifierDescription(
            name: "shapes", backbone: backbone, classes: DrawnShapes.classes, width: 32, height: 32)
        description.stemStride = stemStride
        var recipe = TrainingRecipe(
            classifier: description, options, length: .epochs(epochs),
            sizes: [.init(width: 32, height: 32)])
        recipe.reading = reading
        recipe.batch = 32
        recipe.optimizer.rule = .adamW
        recipe.optimizer.decay = 0.01
        recipe.optimizer.average = 0.95
        recipe.schedule = RateSchedule(rate: 2e-3, warmUp: 10)
        recipe.evaluation.every = 1000
        return recipe
    }

    private func trainer(
        _ recipe: TrainingRecipe, _ scratch: Scratch, resumes: Bool = false, batches: Int = .max
    ) throws -> Trainer {
        let asked = Mutex(0)
        let input = try recipe.network()
        var parts = TrainerParts(
            batches: StoreBatches(
                Self.shapes.set, Self.shapes.pixels, recipe, input.normalization),
            isStopped: {
                asked.withLock { asked in
                    asked += 1
                    return asked > batches
                }
            })
        parts.heldOut = HeldOutLabels(Self.others.set, Self.others.pixels, width: 32, height: 32)
        return try Trainer(
            recipe, folder: scratch.file("run"), resumes: resumes, threads: 2, parts: parts)
    }

    @Test(.enabled(if: isOptimized, "would take minutes without optimization"))
    func fourShapesAreLearned() throws {
        let scratch = try Scratch()
        let trainer = try trainer(recipe(epochs: 30), scratch)
        #expect(try trainer.run() == .done)
        let best = try #require(trainer.state.best)
        #expect(best.figure > 0.9)
        #expect(best.secondFigure == 1)
        let file = try ModelFile(contentsOf: scratch.file("run/best.safetensors"))
        let text = try #require(file.metadata[ClassifierDescription.key])
        let description = try ClassifierDescription(json: text)
        #expect(description.accuracy.first.map { Double($0.top1) > 0.9 } ?? false)
        // The inference plan gives the trained accuracy, too.
        #expect(try planAccuracy(file, description) > 0.9)
        let record = try JSONDecoder().decode(
            ClassificationRecord.self, from: Data(contentsOf: scratch.file("run/evaluation.json")))
        #expect(record.images == 200)
        let table = try String(contentsOf: scratch.file("run/train.csv"), encoding: .utf8)
        #expect(table.hasPrefix("batch,epoch,pictures,seconds,rate,loss,norm,done,top1,top5\n"))
    }

    /// Share of held-out images whose class has the greatest output of the interpreter.
    private func planAccuracy(
        _ file: ModelFile, _ description: ClassifierDescription
    ) throws -> Double {
        let graph = try description.graph(width: 32, height: 32)
        let interpreter = Interpreter(graph, try Weights(file, for: WeightManifest(graph)))
        let writer = InputWriter(description.input.normalization, order: .planes)
        var record = ClassificationRecord(classes: description.classes)
        for (picture, decoded) in zip(Self.others.set.pictures, Self.others.pixels).prefix(60) {
            var numbers = [Float](repeating: 0, count: 3 * 32 * 32)
            var span = numbers.mutableSpan
            writer.write(decoded.rgb.span, .identity, into: &span)
            let logits = try #require(
                interpreter.run(["image": Tensor(dims: [3, 32, 32], numbers)])["logits"])
            record.add(label: picture.annotations[0].classIndex ?? 0, logits.values[...])
        }
        return record.top1
    }

    @Test(
        arguments: [
            ReadingOptions(statistics: .live),
            ReadingOptions(type: .bfloat16, statistics: .live, depthwise: .fast),
        ])
    func resumedRunEqualsUninterruptedRunBitForBit(reading: ReadingOptions) throws {
        let (whole, parts) = (try Scratch(), try Scratch())
        let recipe = recipe(epochs: 1.5, reading: reading)
        #expect(try trainer(recipe, whole).run() == .done)
        #expect(try trainer(recipe, parts, batches: 5).run() == .stopped)
        #expect(try trainer(recipe, parts, resumes: true).run() == .done)
        for name in ["run.safetensors", "last.safetensors"] {
            let (one, two) = (
                try ModelFile(contentsOf: whole.file("run/\(name)")),
                try ModelFile(contentsOf: parts.file("run/\(name)"))
            )
            #expect(one.tensors.count == two.tensors.count)
            for (key, tensor) in one.tensors {
                let isSame = two.tensors[key].map { $0 == tensor } ?? false
                #expect(isSame, "\(name): \(key)")
            }
        }
    }

    @Test(
        arguments: ["snet49", "fdmobilenet-0.25x", "menet-108-8x1", "shufflenetv2-1x"], [1, 2, 4])
    func forwardEqualsTheInterpreter(backbone: String, stemStride: Int) throws {
        let net = try #require(BackboneCatalog.backbone(backbone))
        let graph = Classifier.graph(
            net, width: 64, height: 32, classes: 5, stemStride: stemStride)
        for output in try readings(graph) {
            #expect(relativeError(output.torch, output.interpreter) < 1e-5, "\(output.name)")
        }
    }

    @Test func detectorStartsFromTheBackbone() throws {
        let scratch = try Scratch()
        let trainer = try trainer(recipe(epochs: 0.1), scratch)
        #expect(try trainer.run() == .done)
        let file = try ModelFile(contentsOf: scratch.file("run/last.safetensors"))
        let description = ModelDescription(
            name: "detector", backbone: "snet49", classes: ["car"], width: 64, height: 64)
        let start = try StartingWeights(file, part: .backbone, for: description, seed: 1)
        let own = file.tensors.filter { $0.key.hasPrefix("backbone.") }
        #expect(start.taken == own.count)
        #expect(start.differing.isEmpty)
        for (name, tensor) in own { #expect(start.weights[name] == tensor, "\(name)") }
        // Outputs of other classes are not taken into a classifier.
        var other = try recipe(epochs: 1).classifier()
        let path = scratch.path("run/last.safetensors")
        let same = try StartingWeights(.init(file: path), for: other, seed: 9)
        #expect(same.taken == file.tensors.count)
        other.classes.reverse()
        #expect(try StartingWeights(.init(file: path), for: other, seed: 9).taken == own.count)
    }

    @Test func kernelsFromScratchAreSmallEnoughToTurn() throws {
        let start = try StartingWeights(nil, for: recipe(epochs: 1).classifier(), seed: 1)
        for name in start.weights.names where name.hasSuffix(".conv.weight") {
            let tensor = start.weights[name]
            let mean = tensor.values.reduce(0) { $0 + $1 * $1 } / Float(tensor.count)
            let fanIn = Float(tensor.count / tensor.dims[0])
            #expect(abs(mean * 3 * fanIn - 1) < 1e-3, "\(name)")
        }
    }

    @Test func measuredStatisticsAreThoseOfTheBatches() throws {
        let scratch = try Scratch()
        var recipe = recipe(epochs: 0.25)
        recipe.classification?.recalibration = 1
        let trainer = try trainer(recipe, scratch)
        #expect(try trainer.run() == .done)
        let averaged = try trainer.learner.optimizer.averaged()
        let last = try ModelFile(contentsOf: scratch.file("run/last.safetensors")).tensors
        for (name, tensor) in averaged {
            let isStatistic = name.hasSuffix(".mean") || name.hasSuffix(".variance")
            #expect((last[name] == tensor) != isStatistic, "\(name)")
        }
        // The first layer alone, on the batch after the last.
        let batches = StoreBatches(
            Self.shapes.set, Self.shapes.pixels, recipe, try recipe.network().normalization)
        let images = try batches.batch(trainer.state.batches, progress: 1).images(nil)
        let graph = Graph.single(Shape(channels: 3, height: 32, width: 32)) { graph, x in
            graph.conv(x, 24, kernel: 3, stride: 2)
        }
        let weight = try #require(last["backbone.stem.conv.weight"])
        let weights = try Weights(["conv.weight": weight], for: WeightManifest(graph))
        let found = try #require(
            TorchReading(graph, Parameters(weights, WeightManifest(graph)), ReadingOptions())
                .run(["x": images])["y"])
        let sums = try found.permuted([1, 0, 2, 3]).reshaped([24, -1]).sumOfLast().values()
        let means = sums.map { $0 / Float(found.count / 24) }
        #expect(relativeError(try #require(last["backbone.stem.norm.mean"]).values, means) < 1e-4)
    }
}

/// Parts of classification without libtorch.
struct ClassificationPartsTests {
    @Test func smoothedTargetsAddUpToOne() {
        var options = ClassificationOptions()
        options.smoothing = 0.2
        let targets = options.targets([1, 0], classCount: 4)
        #expect(targets == [0.05, 0.85, 0.05, 0.05, 0.85, 0.05, 0.05, 0.05])
    }

    @Test func recordsCountTheFirstAndTheFirstFive() {
        var record = ClassificationRecord(classes: ["a", "b", "c", "d", "e", "f", "g"])
        record.add(label: 2, [0, 1, 5, 2, 3, 4, 0])
        record.add(label: 6, [6, 5, 4, 3, 2, 1, 2.5])
        record.add(label: 5, [6, 5, 4, 3, 2, 1, 2.5])
        // Equal outputs do not decide for the label.
        record.add(label: 0, [1, 1, 1, 1, 1, 1, 1])
        #expect((record.images, record.first, record.amongFive) == (4, 1, 2))
        #expect(record.classes[6].mistaken == ["a": 1])
    }

    @Test func cropsLieInsideAndHaveTheirArea() {
        let pictures = [(300, 200), (64, 64), (40, 400)].map { sides in
            TrainingPicture(
                stored: 0, extent: PictureExtent(width: sides.0, height: sides.1),
                annotations: [
                    Annotation(classIndex: 0, box: Box(x: 0, y: 0, width: 1, height: 1))
                ])
        }
        let options = ClassificationOptions()
        let planner = CropPlanner(
            set: TrainingSet(classes: ["a"], pictures: pictures), options: options,
            augmentation: AugmentationOptions(), seed: 1)
        var flips = 0
        for place in 0..<600 {
            let picture = pictures[place % 3].extent
            let plan = planner.plan(
                picture: place % 3, epoch: 1, place: place,
                extent: PictureExtent(width: 64, height: 64), progress: 0)
            let crop = plan.patches[0].source
            let whole = Box(
                x: 0, y: 0, width: Float(picture.width), height: Float(picture.height))
            #expect(crop.intersection(whole).area > 0.999 * crop.area)
            let least: Float = place % 3 == 2 ? 0.09 : 0.359
            #expect(crop.area >= least * whole.area)
            #expect(0.74...1.34 ~= crop.width / crop.height)
            flips += plan.patches[0].isFlipped ? 1 : 0
            // The same place gives the same plan.
            let again = planner.plan(
                picture: place % 3, epoch: 1, place: place,
                extent: PictureExtent(width: 64, height: 64), progress: 0.5)
            #expect(again == plan)
        }
        #expect((230...370).contains(flips))
    }
}

public import Configuration
public import Foundation
public import Tensors
public import ThunderNet

/// Everything that decides a run besides the pictures; written and read as JSON, every value spelled out.
public struct TrainingRecipe: Hashable, Sendable, Codable {
    /// How long a run lasts.
    public enum Length: Hashable, Sendable, Codable {
        /// So many times through the pictures.
        case epochs(Double)
        /// So many seconds, evaluations included; the schedule follows the clock.
        case seconds(Double)
    }

    /// Weights to begin with.
    public struct Start: Hashable, Sendable, Codable {
        /// A model file.
        public var file: String
        /// The part that is taken.
        public var part = TrainedModel.StartPart.whole

        /// A start by its parts.
        public init(file: String, part: TrainedModel.StartPart = .whole) {
            self.file = file
            self.part = part
        }
    }

    /// A size of the network's input, multiples of 32.
    public struct Size: Hashable, Sendable, Codable {
        /// Width in pixels.
        public var width: Int
        /// Height in pixels.
        public var height: Int

        /// A size by its sides.
        public init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// When and how evaluations steer the run.
    public struct Evaluation: Hashable, Sendable, Codable {
        /// Epochs between two evaluations; the end is evaluated too.
        public var every = 1.0
        /// Evaluations without a better one after which the run ends; nil never ends it early.
        public var patience: Int?

        /// Every epoch, without an early stop.
        public init() {}
    }

    /// The description of the model, as JSON in the form of model files.
    public var model: String
    /// The sets that are trained on.
    public var training: [SetDescription] = []
    /// The sets that evaluations measure on.
    public var held: [SetDescription] = []
    /// Weights to begin with; nil draws them.
    public var start: Start?
    /// How long the run lasts.
    public var length: Length
    /// Pictures of a batch.
    public var batch = 16
    /// Sizes of the input, of which every batch has one.
    public var sizes: [Size]
    /// The seed of all that is drawn.
    public var seed: UInt64 = 1
    /// The way the network is computed.
    public var reading = ReadingOptions()
    /// The losses.
    public var losses = LossOptions()
    /// The choice of what steps learn from.
    public var targets = TargetOptions()
    /// How pictures are changed before they are learned from.
    public var augmentation = AugmentationOptions()
    /// How often each picture is drawn.
    public var sampling = SamplingOptions()
    /// How many proposals go before and after suppression.
    public var proposalsBefore = 800
    /// How many proposals the second stage chooses from.
    public var proposalsAfter = 300
    /// The optimiser.
    public var optimizer = OptimizerOptions()
    /// The learning rate.
    public var schedule = RateSchedule(rate: 0.008)
    /// Evaluations.
    public var evaluation = Evaluation()
    /// Seconds between two checkpoints.
    public var checkpointSeconds = 300.0

    /// A recipe with every default.
    public init(model: ModelDescription, length: Length, sizes: [Size]) {
        self.model = model.json
        self.length = length
        self.sizes = sizes
    }

    /// Reads a recipe.
    public init(json: Data) throws {
        self = try JSONDecoder().decode(TrainingRecipe.self, from: json)
    }

    /// The recipe as JSON, keys sorted.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// The description of the model.
    public func description() throws(ModelError) -> ModelDescription {
        try ModelDescription(json: model, name: "model")
    }

    /// A digest of all that must not differ when a run goes on: everything but when it is saved and evaluated.
    var digest: String {
        var fixed = self
        fixed.evaluation = Evaluation()
        fixed.checkpointSeconds = 0
        return fixed.json.stableDigest
    }
}

extension String {
    /// FNV-1a over UTF-8, as sixteen digits: the same from run to run.
    var stableDigest: String {
        let hash = utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

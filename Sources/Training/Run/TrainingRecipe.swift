public import Configuration
public import Foundation
public import Tensors
public import ThunderNet

/// Settings of a run, with every default resolved; encoded as JSON.
public struct TrainingRecipe: Hashable, Sendable, Codable {
    /// Length of a run.
    public enum Length: Hashable, Sendable, Codable {
        /// Number of epochs.
        case epochs(Double)
        /// Seconds, evaluations included; the learning rate follows the clock.
        case seconds(Double)
    }

    /// Model file with initial weights.
    public struct Start: Hashable, Sendable, Codable {
        /// Path of a model file.
        public var file: String
        /// Part of the model that is taken.
        public var part = TrainedModel.StartPart.whole

        /// Creates a start from its parts.
        public init(file: String, part: TrainedModel.StartPart = .whole) {
            self.file = file
            self.part = part
        }
    }

    /// Size of the network's input, multiples of 32.
    public struct Size: Hashable, Sendable, Codable {
        /// Width in pixels.
        public var width: Int
        /// Height in pixels.
        public var height: Int

        /// Creates a size from its sides.
        public init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// Evaluations and early stopping.
    public struct Evaluation: Hashable, Sendable, Codable {
        /// Epochs between two evaluations; the end is always evaluated.
        public var every = 1.0
        /// Number of evaluations without improvement after which the run ends; nil for no early stopping.
        public var patience: Int?

        /// Creates the default: an evaluation per epoch, without early stopping.
        public init() {}
    }

    /// Description of the model, as JSON like in model files.
    public var model: String
    /// Training sets.
    public var training: [SetDescription] = []
    /// Held-out sets for evaluations.
    public var held: [SetDescription] = []
    /// Initial weights; nil for random ones.
    public var start: Start?
    /// Length of the run.
    public var length: Length
    /// Number of images per batch.
    public var batch = 16
    /// Input sizes; each batch has one of them.
    public var sizes: [Size]
    /// Seed of all random numbers.
    public var seed: UInt64 = 1
    /// Options of libtorch's computation.
    public var reading = ReadingOptions()
    /// Losses of the two stages.
    public var losses = LossOptions()
    /// Assignment, sampling and mining.
    public var targets = TargetOptions()
    /// Data augmentation.
    public var augmentation = AugmentationOptions()
    /// Sampling of images.
    public var sampling = SamplingOptions()
    /// Maximum number of proposals before non-maximum suppression.
    public var proposalsBefore = 800
    /// Maximum number of proposals after non-maximum suppression.
    public var proposalsAfter = 300
    /// Options of the optimizer.
    public var optimizer = OptimizerOptions()
    /// Learning rate schedule.
    public var schedule = RateSchedule(rate: 0.008)
    /// Evaluations and early stopping.
    public var evaluation = Evaluation()
    /// Seconds between two checkpoints.
    public var checkpointSeconds = 300.0

    /// Creates a recipe with default settings.
    public init(model: ModelDescription, length: Length, sizes: [Size]) {
        self.model = model.json
        self.length = length
        self.sizes = sizes
    }

    /// Decodes a recipe.
    ///
    /// - Throws: `DecodingError`, or a ``TrainingDataError`` if a setting is out of range. `thunderline train` writes
    ///   recipes within the ranges; this guards against files changed by hand.
    public init(json: Data) throws {
        self = try JSONDecoder().decode(TrainingRecipe.self, from: json)
        guard let name = firstWrongSetting else { return }
        throw TrainingDataError(
            "Reading the recipe: \(name) is out of range. Write it anew with thunderline train.")
    }

    /// Name of a setting out of its range; nil if all are within.
    private var firstWrongSetting: String? {
        let sides = sizes.flatMap { [$0.width, $0.height] }
        let amount =
            switch length {
            case .epochs(let count): count
            case .seconds(let seconds): seconds
            }
        let ranges: [(String, Bool)] = [
            ("sizes", !sizes.isEmpty && sides.allSatisfy { $0 % 32 == 0 && 32...4096 ~= $0 }),
            ("length", amount > 0 && amount <= 1e9), ("batch", 1...4096 ~= batch),
            ("proposalsBefore", 1...100_000 ~= proposalsBefore),
            ("proposalsAfter", 1...10_000 ~= proposalsAfter),
            ("schedule.rate", schedule.rate > 0 && schedule.rate <= 1000),
            ("schedule.warmUp", 0...1_000_000_000 ~= schedule.warmUp),
            ("evaluation.every", evaluation.every > 0),
            ("checkpointSeconds", checkpointSeconds > 0),
            ("targets.anchors", 1...100_000 ~= targets.anchors ?? 1),
            ("targets.regions.count", 1...10_000 ~= targets.regions.count ?? 1),
            ("augmentation.pasteLimit", 0...1000 ~= augmentation.pasteLimit),
        ]
        return ranges.first { !$0.1 }?.0
    }

    /// Encodes the recipe with sorted keys.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// Decodes the description of the model.
    public func description() throws(ModelError) -> ModelDescription {
        try ModelDescription(json: model, name: "model")
    }

    /// Digest of the settings that must not change when a run resumes: all but checkpoints and evaluations.
    var digest: String {
        var fixed = self
        fixed.evaluation = Evaluation()
        fixed.checkpointSeconds = 0
        // Methods differ by rounding, and devices need different ones.
        fixed.reading.depthwise = .native
        return fixed.json.stableDigest
    }
}

extension String {
    /// FNV-1a hash of the UTF-8 bytes as sixteen hexadecimal digits; stable across runs.
    var stableDigest: String {
        let hash = utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

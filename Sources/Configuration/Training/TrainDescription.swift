/// All inputs of one `train` run, from a command line or a recipe.
public struct TrainDescription: CommandDescription {
    /// Name of the command.
    public static let command = "train"
    /// All settings of `train`, except those of a single data set.
    public static var settings: [Setting<TrainDescription>] { TrainSettingTable.all }

    /// Network that is trained.
    public enum Task: String, Hashable, Sendable, CaseIterable {
        /// A detector.
        case detection
        /// A classifier, whose backbone a detector may start from.
        case classification
    }

    /// Network that is trained.
    public var task = Task.detection
    /// Data sets to train on.
    public var sets: [SetDescription] = []
    /// Data sets that evaluations measure on.
    public var heldOut: [SetDescription] = []
    /// The model that is trained.
    public var model = TrainedModel()
    /// Length, folder and checkpoints of the run.
    public var run = TrainingRun()
    /// Settings of classification.
    public var classification = ClassificationOptions()
    /// Arithmetic of a step.
    public var network = NetworkOptions()
    /// Random changes of images.
    public var augmentation = AugmentationOptions()
    /// Names of the classes whose objects are pasted into other images.
    public var pastedClasses: [String] = []
    /// Sampling of images.
    public var sampling = SamplingOptions()
    /// Targets and mining.
    public var targets = TargetOptions()
    /// Losses.
    public var losses = LossOptions()
    /// Update rule of the weights.
    public var optimizer = OptimizerOptions()
    /// Learning rate over the run.
    public var schedule = RateSchedule(rate: 0.008)

    /// A description with every default.
    public init() {}

    /// Contradictions between settings, as sentences; empty for a consistent description.
    public var contradictions: [String] {
        var found: [String] = []
        if sets.isEmpty {
            found.append("There is nothing to train on: name a data set in \"sets\".")
        }
        for set in sets + heldOut where set.path.isEmpty {
            found.append("A data set has no path.")
        }
        if run.epochs != nil && run.time != nil {
            found.append("run.epochs and run.time exclude each other: give one.")
        }
        if model.start == nil && model.backbone == nil {
            found.append("Name the backbone of a new model, or a model to start from.")
        }
        if run.patience != nil && heldOut.isEmpty {
            found.append(
                "run.patience needs data sets in \"held-out\", which evaluations measure on.")
        }
        if augmentation.paste > 0 && pastedClasses.isEmpty {
            found.append("augment.paste needs augment.paste-classes.")
        }
        return found + (task == .detection ? detectionContradictions : classificationContradictions)
    }

    private var detectionContradictions: [String] {
        classification == ClassificationOptions()
            ? [] : ["The settings of \"classification\" need \"task: classification\"."]
    }

    private var classificationContradictions: [String] {
        var found: [String] = []
        if model.backbone == nil { found.append("model.backbone: name the backbone to train.") }
        if classification.classCount != nil && !model.classes.isEmpty {
            found.append(
                "model.classes and classification.classes exclude each other: give one.")
        }
        if augmentation.paste > 0 || !model.anchorScales.isEmpty || model.anchorStride != nil {
            found.append("augment.paste and the anchors of \"model\" are for detectors.")
        }
        return found
    }
}

/// The model that a run trains.
public struct TrainedModel: Hashable, Sendable {
    /// Name of the model.
    public var name = "trained"
    /// Backbone of a new model; nil for that of ``start``.
    public var backbone: String?
    /// Names of the classes; empty for those of the data sets.
    public var classes: [String] = []
    /// Model to start from, a shipped model's name or a file; nil for random weights.
    public var start: String?
    /// Part of the start whose weights are used.
    public var startPart = StartPart.whole
    /// Size of the network's input in pixels; nil for that of ``start``, or 512×288.
    public var input: PictureSize?
    /// Anchor sizes in pixels of the input, the roots of their areas; empty for those of ``start`` or the paper's.
    public var anchorScales: [Double] = []
    /// Pixels of the input between two cells of the anchors; nil for that of ``start``, or 16.
    public var anchorStride: AnchorStride?
    /// Input sizes in training, one drawn per batch; empty for the model's own.
    public var sizes: [PictureSize] = []

    /// Stride of the context map, which has the anchors.
    public enum AnchorStride: String, Hashable, Sendable, CaseIterable {
        /// For small objects, at about twice the cost: an extension of the paper's network.
        case fine = "8"
        /// The paper's.
        case paper = "16"
    }

    /// Part of a model whose weights a run starts from.
    public enum StartPart: String, Hashable, Sendable, CaseIterable, Codable {
        /// All tensors.
        case whole
        /// The backbone alone.
        case backbone
    }
}

/// Length, folder and checkpoints of a run.
public struct TrainingRun: Hashable, Sendable {
    /// Device of libtorch's computation.
    public enum Device: String, Hashable, Sendable, CaseIterable {
        /// CUDA where libtorch finds a device, else the processor.
        case automatic = "auto"
        /// The processor.
        case cpu
        /// The first CUDA device.
        case cuda
    }

    /// Folder of the run.
    public var folder = "training"
    /// Passes through the data; nil with ``time``, 20 where both are nil.
    public var epochs: Double?
    /// Seconds, evaluations included; the schedule follows the clock.
    public var time: Double?
    /// Images of a batch.
    public var batch = 16
    /// Seed of all random numbers.
    public var seed = 1
    /// Threads of an operation; nil for one per core.
    public var threads: Int?
    /// Device of libtorch's computation.
    public var device = Device.automatic
    /// Epochs between two evaluations; the end is evaluated too.
    public var evaluateEvery = 1.0
    /// Evaluations without improvement after which the run ends; nil for never.
    public var patience: Int?
    /// Seconds between two checkpoints.
    public var checkpointEvery = 300.0
    /// Proposals before suppression in training.
    public var proposalsBefore = 800
    /// Proposals after suppression in training.
    public var proposalsAfter = 300
}

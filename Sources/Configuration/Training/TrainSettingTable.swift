/// The table of all settings of `train`, except those of a single data set.
public enum TrainSettingTable {
    /// All settings, in the order of help texts.
    public static let all: [Setting<TrainDescription>] =
        [
            .one(
                key: "task", option: nil, \.task, .choice,
                "Network that is trained: a detector, or a backbone as a classifier."),
            sets("sets", \.sets, "Data sets to train on, each a path or a mapping with a path."),
            sets("held-out", \.heldOut, "Data sets that evaluations measure on."),
        ] + model + run + classification + network + augmentation + sampling + targets + losses
        + optimizer

    private static func sets(
        _ key: String,
        _ path: any (WritableKeyPath<TrainDescription, [SetDescription]> & Sendable),
        _ summary: String
    ) -> Setting<TrainDescription> {
        Setting(
            key: key, option: nil, form: .list(separatedByCommas: false), summary: summary,
            apply: { (texts, description) throws(SettingError) in
                guard texts.allSatisfy({ !$0.isEmpty }) else {
                    throw SettingError(message: "has an empty entry")
                }
                description[keyPath: path] = texts.map { SetDescription($0) }
            },
            render: { description in
                let sets = description[keyPath: path]
                return sets.isEmpty ? nil : sets.map(\.path)
            })
    }

    private static let model: [Setting<TrainDescription>] = [
        .one(key: "model.name", option: nil, \.model.name, .text, "Name of the model."),
        .optional(
            key: "model.backbone", option: nil, \.model.backbone, .text,
            "Backbone of a new model; that of the start by default."),
        .list(
            key: "model.classes", option: nil, \.model.classes, separatedByCommas: true,
            "Names of the classes; those of the data sets by default."),
        .optional(
            key: "model.start", option: nil, \.model.start, .text,
            "Model to start from, a shipped model's name or a file; random weights by default."),
        .one(
            key: "model.start-part", option: nil, \.model.startPart, .choice,
            "Part of the start whose weights are used."),
        .optional(
            key: "model.input", option: nil, \.model.input, .size,
            "Size of the network's input, multiples of 32; that of the start or 512x288 by default."
        ),
        .numbers(
            key: "model.anchor-scales", \.model.anchorScales, in: 1...4096,
            "Anchor sizes in pixels of the input; those of the start or 32 to 512 by default."),
        .optional(
            key: "model.anchor-stride", option: nil, \.model.anchorStride, .choice,
            "Pixels between two cells of the anchors; that of the start or 16 by default."),
        .sizes(
            key: "model.sizes", \.model.sizes,
            "Input sizes in training, one drawn per batch; the model's own by default."),
    ]

    private static let run: [Setting<TrainDescription>] = [
        .one(key: "run.output", option: "--output", \.run.folder, .text, "The folder of the run."),
        .optional(
            key: "run.epochs", option: "--epochs", \.run.epochs, .number(in: 0.001...100_000),
            "Passes through the data; 20 by default."),
        .optional(
            key: "run.time", option: "--time", \.run.time,
            .seconds(in: 1...SettingText.longestTime),
            "Length of the run instead of epochs; the learning rate follows the clock."),
        .one(
            key: "run.batch", option: nil, \.run.batch, .integer(in: 1...4096), "Images of a batch."
        ),
        .one(
            key: "run.seed", option: nil, \.run.seed, .integer(in: 0...Int.max),
            "Seed of all random numbers."),
        .optional(
            key: "run.threads", option: "--threads", \.run.threads, .integer(in: 1...256),
            "Threads of an operation; one per core by default."),
        .one(
            key: "run.device", option: "--device", \.run.device, .choice,
            "Device of the computation: auto is CUDA where libtorch finds a device, else the processor."
        ),
        .one(
            key: "run.evaluate-every", option: nil, \.run.evaluateEvery,
            .number(in: 0.01...100_000),
            "Epochs between two evaluations on the held-out sets."),
        .optional(
            key: "run.patience", option: nil, \.run.patience, .integer(in: 1...100_000),
            "Evaluations without improvement after which the run ends."),
        .one(
            key: "run.checkpoint", option: nil, \.run.checkpointEvery, .seconds(in: 1...86_400),
            "Time between two checkpoints."),
    ]

    private static let network: [Setting<TrainDescription>] = [
        .one(
            key: "network.precision", option: nil, \.network.precision, .choice,
            "Number format of feature maps; auto is bfloat16 where the processor gains from it."),
        .optional(
            key: "network.statistics", option: nil, \.network.statistics, .choice,
            "Statistics of batch normalizations: those of the batch (live), or the stored ones (frozen); live in classification and frozen in detection by default."
        ),
        .optional(
            key: "network.depthwise", option: nil, \.network.depthwise, .choice,
            "Computation of depthwise convolutions; the fastest by default."),
    ]

    private static let augmentation: [Setting<TrainDescription>] = [
        .one(
            key: "augment.flip", option: nil, \.augmentation.flip, .share,
            "Probability of a horizontal flip."),
        .one(
            key: "augment.crop", option: nil, \.augmentation.crop, .share, "Probability of a crop."),
        .one(
            key: "augment.expand", option: nil, \.augmentation.expand, .share,
            "Probability of placing the image on a larger canvas."),
        .one(
            key: "augment.mosaic", option: nil, \.augmentation.mosaic, .share,
            "Probability of a mosaic of four images."),
        .one(
            key: "augment.mosaic-end", option: nil, \.augmentation.mosaicEnd, .share,
            "Share of the run after which no more mosaics are made."),
        .one(
            key: "augment.color", option: nil, \.augmentation.color.probability, .share,
            "Probability of each change of brightness, contrast and saturation."),
        .one(
            key: "augment.gray", option: nil, \.augmentation.color.grayProbability, .share,
            "Probability of a gray image."),
        .one(
            key: "augment.paste", option: nil, \.augmentation.paste, .share,
            "Probability of pasting objects of other images."),
        .list(
            key: "augment.paste-classes", option: nil, \.pastedClasses, separatedByCommas: true,
            "Classes whose objects are pasted."),
        .one(
            key: "augment.paste-limit", option: nil, \.augmentation.pasteLimit,
            .integer(in: 1...100),
            "Maximum number of pasted objects per image."),
    ]

    private static let sampling: [Setting<TrainDescription>] = [
        .one(
            key: "sampling.rare-share", option: nil, \.sampling.rareShare, .share,
            "Share of images below which a class counts as rare and its images repeat; 0 for never."
        ),
        .one(
            key: "sampling.repeat-limit", option: nil, \.sampling.repeatLimit,
            .number(in: 1...1000),
            "Maximum number of repeats of an image in an epoch."),
        .one(
            key: "sampling.empty", option: nil, \.sampling.emptyFactor, .number(in: 0...1000),
            "Repeats of an image without objects in an epoch."),
    ]

    private static let targets: [Setting<TrainDescription>] = [
        .one(
            key: "targets.assignment", option: nil, \.targets.assignment, .choice,
            "Assignment of objects to anchors: IoU thresholds, ATSS or SimOTA."),
        .one(
            key: "targets.anchors", option: nil, \.targets.anchors, .countOrAll(1_000_000),
            "Sampled anchors per image, or all."),
        .optional(
            key: "targets.ranked-anchors", option: nil, \.targets.rankedAnchors,
            .integer(in: 1...1_000_000),
            "Anchors per image that loss rank mining (LRM) keeps; no mining by default."),
        .one(
            key: "targets.proposals-before", option: nil, \.run.proposalsBefore,
            .integer(in: 1...100_000),
            "Proposals before suppression."),
        .one(
            key: "targets.proposals-after", option: nil, \.run.proposalsAfter,
            .integer(in: 1...10_000),
            "Proposals after suppression."),
        .one(
            key: "targets.regions", option: nil, \.targets.regions.count, .countOrAll(10_000),
            "Regions per image that the head sees, or all."),
        .one(
            key: "targets.mining", option: nil, \.targets.mining, .choice,
            "Selection of the regions whose loss counts: at random, OHEM or S-OHEM."),
        .one(
            key: "targets.hard-regions", option: nil, \.targets.hardRegions,
            .integer(in: 1...10_000),
            "Regions per image whose loss counts."),
    ]

    private static let losses: [Setting<TrainDescription>] = [
        .one(
            key: "losses.objectness", option: nil, \.losses.objectness, .choice,
            "Loss of objectness: binary cross-entropy or quality focal loss."),
        .one(
            key: "losses.proposals", option: nil, \.losses.proposals, .choice,
            "Loss of the anchors' boxes."),
        .one(
            key: "losses.boxes", option: nil, \.losses.boxes, .choice, "Loss of the regions' boxes."
        ),
        .one(
            key: "losses.box-weight", option: nil, \.losses.boxWeight, .number(in: 0...1000),
            "Weight of the loss of the regions' boxes."),
    ]

    private static let optimizer: [Setting<TrainDescription>] = [
        .one(
            key: "optimizer.rule", option: nil, \.optimizer.rule, .choice,
            "Update rule of the weights."),
        .one(
            key: "optimizer.rate", option: nil, \.schedule.rate, .number(in: 1e-7...10),
            "Peak learning rate."),
        .one(
            key: "optimizer.warm-up", option: nil, \.schedule.warmUp, .integer(in: 0...1_000_000),
            "Steps of the warm-up."),
        .one(
            key: "optimizer.schedule", option: nil, \.schedule.shape, .choice,
            "Course of the learning rate after the warm-up."),
        .one(
            key: "optimizer.end", option: nil, \.schedule.end, .share,
            "Final rate of a cosine, as a share of the peak."),
        .numbers(
            key: "optimizer.milestones", \.schedule.milestones, in: 0...1,
            "Shares of the run after which the factor of steps applies once more."),
        .one(
            key: "optimizer.factor", option: nil, \.schedule.factor, .share,
            "Factor at each milestone."),
        .one(
            key: "optimizer.momentum", option: nil, \.optimizer.momentum, .share, "Momentum of SGD."
        ),
        .one(
            key: "optimizer.decay", option: nil, \.optimizer.decay, .share,
            "Weight decay; biases, scales and shifts have none."),
        .one(
            key: "optimizer.clip", option: nil, \.optimizer.clip, .number(in: 0.001...1e6),
            "Maximum norm of all gradients together."),
        .one(
            key: "optimizer.average", option: nil, \.optimizer.average, .share,
            "Decay of the moving average of the weights, which evaluations and models use."),
    ]
}

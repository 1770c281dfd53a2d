/// The table of all settings of `train`, except those of a single data set.
public enum TrainSettingTable {
    /// All settings, in the order of help texts.
    public static let all: [Setting<TrainDescription>] =
        [
            sets("sets", \.sets, "Data sets to train on, each a path or a mapping with a path."),
            sets("held-out", \.heldOut, "Data sets that evaluations measure on."),
        ] + model + run + network + augmentation + sampling + targets + losses + optimizer

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
        .one("model.name", nil, \.model.name, .text, "Name of the model."),
        .optional(
            "model.backbone", nil, \.model.backbone, .text,
            "Backbone of a new model; that of the start by default."),
        .list(
            "model.classes", nil, \.model.classes, separatedByCommas: true,
            "Names of the classes; those of the data sets by default."),
        .optional(
            "model.start", nil, \.model.start, .text,
            "Model to start from, a shipped model's name or a file; random weights by default."),
        .one(
            "model.start-part", nil, \.model.startPart, .choice,
            "Part of the start whose weights are used."),
        .optional(
            "model.input", nil, \.model.input, .size,
            "Size of the network's input, multiples of 32; that of the start or 512x288 by default."
        ),
        .numbers(
            "model.anchor-scales", \.model.anchorScales, in: 1...4096,
            "Anchor sizes in pixels of the input; those of the start or 32 to 512 by default."),
        .sizes(
            "model.sizes", \.model.sizes,
            "Input sizes in training, one drawn per batch; the model's own by default."),
    ]

    private static let run: [Setting<TrainDescription>] = [
        .one("run.output", "--output", \.run.folder, .text, "The folder of the run."),
        .optional(
            "run.epochs", "--epochs", \.run.epochs, .number(in: 0.001...100_000),
            "Passes through the data; 20 by default."),
        .optional(
            "run.time", "--time", \.run.time, .seconds(in: 1...SettingText.longestTime),
            "Length of the run instead of epochs; the learning rate follows the clock."),
        .one("run.batch", nil, \.run.batch, .integer(in: 1...4096), "Images of a batch."),
        .one(
            "run.seed", nil, \.run.seed, .integer(in: 0...Int.max), "Seed of all random numbers."),
        .optional(
            "run.threads", "--threads", \.run.threads, .integer(in: 1...256),
            "Threads of an operation; one per core by default."),
        .one(
            "run.evaluate-every", nil, \.run.evaluateEvery, .number(in: 0.01...100_000),
            "Epochs between two evaluations on the held-out sets."),
        .optional(
            "run.patience", nil, \.run.patience, .integer(in: 1...100_000),
            "Evaluations without improvement after which the run ends."),
        .one(
            "run.checkpoint", nil, \.run.checkpointEvery, .seconds(in: 1...86_400),
            "Time between two checkpoints."),
    ]

    private static let network: [Setting<TrainDescription>] = [
        .one(
            "network.precision", nil, \.network.precision, .choice,
            "Number format of feature maps; auto is bfloat16 where the processor gains from it."),
        .one(
            "network.statistics", nil, \.network.statistics, .choice,
            "Statistics of batch normalizations: those of the batch, or the stored ones."),
        .optional(
            "network.depthwise", nil, \.network.depthwise, .choice,
            "Computation of depthwise convolutions; the fastest by default."),
    ]

    private static let augmentation: [Setting<TrainDescription>] = [
        .one("augment.flip", nil, \.augmentation.flip, .share, "Probability of a horizontal flip."),
        .one("augment.crop", nil, \.augmentation.crop, .share, "Probability of a crop."),
        .one(
            "augment.expand", nil, \.augmentation.expand, .share,
            "Probability of placing the image on a larger canvas."),
        .one(
            "augment.mosaic", nil, \.augmentation.mosaic, .share,
            "Probability of a mosaic of four images."),
        .one(
            "augment.mosaic-end", nil, \.augmentation.mosaicEnd, .share,
            "Share of the run after which no more mosaics are made."),
        .one(
            "augment.color", nil, \.augmentation.color.probability, .share,
            "Probability of each change of brightness, contrast and saturation."),
        .one(
            "augment.gray", nil, \.augmentation.color.grayProbability, .share,
            "Probability of a gray image."),
        .one(
            "augment.paste", nil, \.augmentation.paste, .share,
            "Probability of pasting objects of other images."),
        .list(
            "augment.paste-classes", nil, \.pastedClasses, separatedByCommas: true,
            "Classes whose objects are pasted."),
        .one(
            "augment.paste-limit", nil, \.augmentation.pasteLimit, .integer(in: 1...100),
            "Maximum number of pasted objects per image."),
    ]

    private static let sampling: [Setting<TrainDescription>] = [
        .one(
            "sampling.rare-share", nil, \.sampling.rareShare, .share,
            "Share of images below which a class counts as rare and its images repeat; 0 for never."
        ),
        .one(
            "sampling.repeat-limit", nil, \.sampling.repeatLimit, .number(in: 1...1000),
            "Maximum number of repeats of an image in an epoch."),
        .one(
            "sampling.empty", nil, \.sampling.emptyFactor, .number(in: 0...1000),
            "Repeats of an image without objects in an epoch."),
    ]

    private static let targets: [Setting<TrainDescription>] = [
        .one(
            "targets.assignment", nil, \.targets.assignment, .choice,
            "Assignment of objects to anchors: IoU thresholds, ATSS or SimOTA."),
        .one(
            "targets.anchors", nil, \.targets.anchors, .countOrAll(1_000_000),
            "Sampled anchors per image, or all."),
        .optional(
            "targets.ranked-anchors", nil, \.targets.rankedAnchors, .integer(in: 1...1_000_000),
            "Anchors per image that loss rank mining (LRM) keeps; no mining by default."),
        .one(
            "targets.proposals-before", nil, \.run.proposalsBefore, .integer(in: 1...100_000),
            "Proposals before suppression."),
        .one(
            "targets.proposals-after", nil, \.run.proposalsAfter, .integer(in: 1...10_000),
            "Proposals after suppression."),
        .one(
            "targets.regions", nil, \.targets.regions.count, .countOrAll(10_000),
            "Regions per image that the head sees, or all."),
        .one(
            "targets.mining", nil, \.targets.mining, .choice,
            "Selection of the regions whose loss counts: at random, OHEM or S-OHEM."),
        .one(
            "targets.hard-regions", nil, \.targets.hardRegions, .integer(in: 1...10_000),
            "Regions per image whose loss counts."),
    ]

    private static let losses: [Setting<TrainDescription>] = [
        .one(
            "losses.objectness", nil, \.losses.objectness, .choice,
            "Loss of objectness: binary cross-entropy or quality focal loss."),
        .one("losses.proposals", nil, \.losses.proposals, .choice, "Loss of the anchors' boxes."),
        .one("losses.boxes", nil, \.losses.boxes, .choice, "Loss of the regions' boxes."),
        .one(
            "losses.box-weight", nil, \.losses.boxWeight, .number(in: 0...1000),
            "Weight of the loss of the regions' boxes."),
    ]

    private static let optimizer: [Setting<TrainDescription>] = [
        .one("optimizer.rule", nil, \.optimizer.rule, .choice, "Update rule of the weights."),
        .one(
            "optimizer.rate", nil, \.schedule.rate, .number(in: 1e-7...10), "Peak learning rate."),
        .one(
            "optimizer.warm-up", nil, \.schedule.warmUp, .integer(in: 0...1_000_000),
            "Steps of the warm-up."),
        .one(
            "optimizer.schedule", nil, \.schedule.shape, .choice,
            "Course of the learning rate after the warm-up."),
        .one(
            "optimizer.end", nil, \.schedule.end, .share,
            "Final rate of a cosine, as a share of the peak."),
        .numbers(
            "optimizer.milestones", \.schedule.milestones, in: 0...1,
            "Shares of the run after which the factor of steps applies once more."),
        .one("optimizer.factor", nil, \.schedule.factor, .share, "Factor at each milestone."),
        .one("optimizer.momentum", nil, \.optimizer.momentum, .share, "Momentum of SGD."),
        .one(
            "optimizer.decay", nil, \.optimizer.decay, .share,
            "Weight decay; biases, scales and shifts have none."),
        .one(
            "optimizer.clip", nil, \.optimizer.clip, .number(in: 0.001...1e6),
            "Maximum norm of all gradients together."),
        .one(
            "optimizer.average", nil, \.optimizer.average, .share,
            "Decay of the moving average of the weights, which evaluations and models use."),
    ]
}

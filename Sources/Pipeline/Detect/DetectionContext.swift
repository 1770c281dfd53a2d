package import Configuration
package import Overlay
package import Scene
package import ThunderNet

/// Model and parameters of detection, tracking and drawing, shared by the jobs of a run.
///
/// Each job sets its own `results`, `draws` and `isLive`.
package struct DetectionContext: Sendable {
    /// The loaded model.
    package let model: Model
    /// Regions whose detections are discarded.
    package let ignored: [Region]
    /// Sizes outside of which detections are discarded.
    package let sizes: SizeLimits
    /// Zones and lines in which objects are counted.
    package let places: ScenePlaces
    /// For each class, true when the life of its objects makes events.
    let eventClasses: [Bool]
    /// Seconds of an interval of counts.
    let countInterval: Double
    let classes: ClassSelection
    let writers: ResultsWriters
    private let choice: ModelChoice
    private let minScore: Double?
    private let overlay: OverlayDescription
    private let encoder: String
    /// Paths of this job's results files.
    var results: [String] = []
    /// Paths of this job's counts and events.
    var counting = CountPaths()
    /// True when frames are drawn on.
    package var draws = true
    /// True when the age of a frame counts more than throughput.
    package var isLive = false

    /// The context of a description; the model is loaded unless it is given.
    ///
    /// - Throws: A ``RunError`` for a wrong model, class or rectangle.
    package init(_ description: DetectDescription, model: Model? = nil) throws(RunError) {
        let model = if let model { model } else { try Self.load(description.model) }
        self.model = model
        choice = description.model
        minScore = description.objects.minScore
        overlay = description.overlay
        encoder = description.output.encoder
        classes = try ClassSelection(description.objects.classes, among: model.description.classes)
        let names = model.description.classes
        ignored = try Self.regions(description.objects.ignored)
        sizes = try SizeLimits(description.objects, classes: names)
        places = try ScenePlaces(description, classes: names)
        eventClasses = try ClassSelection(description.events.classes, among: names).isWanted
        countInterval = description.counts.every
        writers = ResultsWriters(
            overwrite: description.output.overwrite, classNames: names,
            zoneNames: places.zoneNames)
    }

    private static func regions(_ ignored: [IgnoredRegion]) throws(RunError) -> [Region] {
        var regions: [Region] = []
        for description in ignored {
            let region =
                switch description {
                case .rectangle(let rectangle):
                    Region(
                        x: Float(rectangle.x), y: Float(rectangle.y),
                        width: Float(rectangle.width), height: Float(rectangle.height))
                case .polygon(let points): Region(points: points)
                }
            guard let region else {
                throw RunError(
                    .usage,
                    "The ignored region \(description) has no extent or leaves the frame.")
            }
            regions.append(region)
        }
        return regions
    }

    /// True when objects are counted or make events.
    var counts: Bool { !places.isEmpty || !counting.all.isEmpty }

    /// Indices of the detected classes.
    package var countedClasses: [Int] { classes.isWanted.indices.filter { classes.isWanted[$0] } }

    /// Names of the model's classes, by index.
    package var classNames: [String] { model.description.classes }

    /// Key of a detector: contexts with equal keys can share one.
    package struct DetectorKey: Hashable, Sendable {
        let model: ModelChoice
        let classes: [Bool]
    }

    /// Key of the detector of this context.
    package var detectorKey: DetectorKey {
        DetectorKey(model: choice, classes: classes.isWanted)
    }

    /// Warning for a model with random weights; nil for a trained one.
    package var untrainedWarning: String? {
        model.isTrained
            ? nil
            : "The model \(model.description.name) has random weights: its speed is that of a trained model, its detections are meaningless."
    }

    /// Thresholds of the tracker, adapted to the user's lowest score.
    package var trackerOptions: TrackerOptions {
        var options = TrackerOptions()
        options.classGroups = ClassSelection.confusable(model.description.classes)
        if let least = minScore.map({ Float($0) }) {
            options.startScore = least
            options.highScore = min(options.highScore, least)
            options.shownScore = min(options.shownScore, least)
            options.lowScore = min(options.lowScore, least)
            options.instantScore = max(options.instantScore, least)
        }
        return options
    }

    /// Division of the detector's threads for a video.
    package var detectorThreads: DetectorThreads {
        DetectorThreads(
            threads: choice.threadCount, isLive: isLive, encoder: draws ? encoder : nil)
    }

    /// Parameters of the detector.
    package var detectorOptions: DetectorOptions {
        var options = DetectorOptions()
        options.width = choice.inputSize?.width
        options.height = choice.inputSize?.height
        options.fit = choice.fit
        options.threads = choice.threadCount
        options.precision = choice.precision
        options.instructionSet = choice.environment.instructionSet
        options.classes = Set(classes.isWanted.indices.filter { classes.isWanted[$0] })
        return options
    }

    /// Creates a renderer.
    ///
    /// - Throws: A ``RunError`` when the font cannot be loaded.
    package func makeOverlay(showsIdentities: Bool = true) throws(RunError) -> OverlayRenderer {
        var options = OverlayOptions()
        options.showsBoxes = overlay.boxes
        options.showsNames = overlay.labels
        options.showsIdentities = overlay.labels && showsIdentities
        options.showsScores = overlay.labels
        options.showsTraces = overlay.traces
        options.showsReadout = overlay.readout
        options.fontPath = overlay.font
        do throws(OverlayError) {
            return try OverlayRenderer(options: options, classNames: model.description.classes)
        } catch {
            throw RunError(.usage, error.message)
        }
    }

    private static func load(_ choice: ModelChoice) throws(RunError) -> Model {
        do {
            return try choice.environment.catalog.model(choice.name)
        } catch {
            throw RunError(.model, "\(error)")
        }
    }
}

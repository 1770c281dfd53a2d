package import Configuration
internal import Foundation
package import Overlay
package import Scene
package import ThunderNet

/// What the analysing stage of one job is told; shared by the jobs of a run except for the paths.
package struct DetectionContext: Sendable {
    /// The loaded model.
    package let model: Model
    /// Regions whose detections are discarded.
    package let ignored: [Region]
    let classes: ClassSelection
    let writers: ResultsWriters
    private let choice: ModelChoice
    private let minScore: Double?
    private let overlay: OverlayDescription
    private let encoder: String
    /// Files that this job's frames are written to.
    var results: [String] = []
    /// Whether anybody will see what is drawn.
    package var draws = true
    /// Whether the age of a picture counts more than how many there are.
    package var isLive = false

    /// Settings by a description; the model is loaded unless it is handed in.
    ///
    /// - Throws: A ``RunError`` that says what is wrong with the model, the classes or the rectangles.
    package init(_ description: DetectDescription, model: Model? = nil) throws(RunError) {
        let model = if let model { model } else { try Self.load(description.model.name) }
        self.model = model
        choice = description.model
        minScore = description.objects.minScore
        overlay = description.overlay
        encoder = description.output.encoder
        classes = try ClassSelection(description.objects.classes, among: model.description.classes)
        var regions: [Region] = []
        for rectangle in description.objects.ignored {
            guard
                let region = Region(
                    x: Float(rectangle.x), y: Float(rectangle.y), width: Float(rectangle.width),
                    height: Float(rectangle.height))
            else {
                throw RunError(
                    .usage,
                    "The ignored rectangle \(rectangle) has no extent or leaves the picture.")
            }
            regions.append(region)
        }
        ignored = regions
        writers = ResultsWriters(
            overwrite: description.output.overwrite, classNames: model.description.classes)
    }

    /// The model's names of classes, by index.
    package var classNames: [String] { model.description.classes }

    /// Which looker these settings need: sources with equal ones can share it.
    package struct DetectorKey: Hashable, Sendable {
        let model: ModelChoice
        let classes: [Bool]
    }

    /// Which looker these settings need.
    package var detectorKey: DetectorKey {
        DetectorKey(model: choice, classes: classes.isWanted)
    }

    /// What a person must know of a model that never saw anything; nil for a trained one.
    package var untrainedNotice: String? {
        model.isTrained
            ? nil
            : "The model \(model.description.name) has random weights: it costs what a trained one costs, and what it sees means nothing."
    }

    /// The tracker's thresholds, with the user's least score in the middle of them.
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

    private var threads: Int {
        choice.threads ?? ProcessInfo.processInfo.activeProcessorCount
    }

    /// How the detector's threads are spent on a video.
    package var detectorThreads: DetectorThreads {
        DetectorThreads(
            threads: threads, isLive: isLive, encoder: draws ? encoder : nil)
    }

    /// What the detector is told.
    package var detectorOptions: DetectorOptions {
        var options = DetectorOptions()
        options.width = choice.inputSize?.width
        options.height = choice.inputSize?.height
        options.fit = choice.fit
        options.threads = threads
        options.precision = choice.precision
        options.classes = Set(classes.isWanted.indices.filter { classes.isWanted[$0] })
        return options
    }

    /// The drawing hand.
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

    private static func load(_ name: String) throws(RunError) -> Model {
        do {
            return try ModelCatalog().model(name)
        } catch {
            throw RunError(.model, "\(error)")
        }
    }
}

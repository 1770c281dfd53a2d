package import Configuration
internal import Foundation
package import Overlay
package import Scene
package import ThunderNet

/// What the analysing stage of one job is told; shared by the jobs of a run except for the paths.
package struct DetectionContext: Sendable {
    package let description: DetectDescription
    package let model: Model
    let classes: ClassSelection
    package let ignored: [Region]
    let shelf: ResultsWriters
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
        self.description = description
        let model = if let model { model } else { try Self.load(description.model) }
        self.model = model
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
        shelf = ResultsWriters(
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
    package var eye: DetectorKey {
        DetectorKey(model: description.model, classes: classes.isWanted)
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
        if let least = description.objects.minScore.map({ Float($0) }) {
            options.startScore = least
            options.highScore = min(options.highScore, least)
            options.shownScore = min(options.shownScore, least)
            options.lowScore = min(options.lowScore, least)
            options.instantScore = max(options.instantScore, least)
        }
        return options
    }

    private var threads: Int {
        description.model.threads ?? ProcessInfo.processInfo.activeProcessorCount
    }

    /// How the detector's threads are spent on a video.
    package var detectorThreads: DetectorThreads {
        DetectorThreads(
            threads: threads, isLive: isLive, encoder: draws ? description.output.encoder : nil)
    }

    /// What the detector is told.
    package var detectorOptions: DetectorOptions {
        var options = DetectorOptions()
        options.width = description.model.inputSize?.width
        options.height = description.model.inputSize?.height
        options.fit = description.model.fit.flatMap { PictureFit(rawValue: $0.rawValue) }
        options.threads = threads
        options.precision = description.model.precisionChoice
        options.instructionSet = description.model.environment.instructionSet
        options.classes = Set(classes.isWanted.indices.filter { classes.isWanted[$0] })
        return options
    }

    /// The drawing hand.
    package func makeOverlay(showsIdentities: Bool = true) throws(RunError) -> OverlayRenderer {
        var options = OverlayOptions()
        options.showsBoxes = description.overlay.boxes
        options.showsNames = description.overlay.labels
        options.showsIdentities = description.overlay.labels && showsIdentities
        options.showsScores = description.overlay.labels
        options.showsTraces = description.overlay.traces
        options.showsReadout = description.overlay.readout
        options.fontPath = description.overlay.font
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

extension ModelChoice {
    /// What the detector is to compute in.
    package var precisionChoice: PrecisionChoice {
        PrecisionChoice(rawValue: precision.rawValue) ?? .automatic
    }
}

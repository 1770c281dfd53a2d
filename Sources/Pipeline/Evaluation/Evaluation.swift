internal import Datasets
public import Flow
internal import Scene
internal import ThunderNet
internal import Video

/// Measures a model on annotated pictures: average precision after COCO and after VOC.
public struct Evaluation: Sendable {
    private let dataset: AnnotatedSet
    private let settings: AnalyseSettings
    /// The data set's place of each class of the model; nil for classes it does not have.
    private let places: [Int?]

    /// Reads the data set and loads the model.
    ///
    /// - Parameters:
    ///   - path: A data set in any format that `Datasets` reads.
    ///   - model: Name or path, input size and fit.
    /// - Throws: A ``RunError`` when one of them is wrong, or when they share no class.
    public init(dataset path: String, model: ModelChoice) throws(RunError) {
        let dataset = try Self.read(path)
        var description = DetectDescription()
        description.model = model
        settings = try AnalyseSettings(description)
        let names = dataset.classes
        places = settings.model.description.classes.map { names.firstIndex(of: $0) }
        guard places.contains(where: { $0 != nil }) else {
            throw RunError(
                .usage,
                "\(path) has none of the model's classes; it has \(names.joined(separator: ", ")).")
        }
        self.dataset = dataset
    }

    /// Runs the detector over every image.
    ///
    /// - Throws: A ``RunError`` for an image that is missing or damaged, or when asked to stop.
    public func run(console: Console, stop: StopSignal) throws(RunError) -> EvaluationReport {
        var looker = try Looker(settings)
        let names = dataset.classes
        var images: [AnnotatedImage] = []
        for (index, picture) in dataset.pictures.enumerated() {
            if stop.isRequested { throw RunError(.interrupted, "Stopped before the end.") }
            let extent = try look(at: picture.path, with: &looker)
            let truths = picture.truths(
                width: extent.width, height: extent.height, classCount: names.count)
            images.append(AnnotatedImage(truths: truths, detections: mapped(looker.detections)))
            console.overwrite("\(index + 1) of \(dataset.pictures.count) images")
        }
        console.overwrite("")
        return EvaluationReport(
            images: images.count, classNames: names,
            coco: DetectionMetrics(images: images, classCount: names.count),
            voc: VOCPrecision(images: images, classCount: names.count))
    }

    /// Reads a set, the part of it that is meant for measuring.
    private static func read(_ path: String) throws(RunError) -> AnnotatedSet {
        var source = DatasetSource(argument: path)
        source.preferredSplits = ["val", "test", "train"]
        do throws(DatasetError) {
            return try AnnotatedSet(source)
        } catch {
            throw RunError(error)
        }
    }

    /// Looks at a picture and returns its size.
    private func look(
        at path: String, with looker: inout Looker
    ) throws(RunError) -> PictureExtent {
        do throws(DatasetError) { try PlainFile.check(path) } catch { throw RunError(error) }
        do throws(VideoError) {
            var reader = try VideoReader(path)
            guard case .frame(let frame)? = try reader.next() else {
                throw VideoError(.damaged, "Reading \(path): there is no picture in it.")
            }
            try looker.lookExactly(at: frame)
            return PictureExtent(width: frame.width, height: frame.height)
        } catch {
            throw RunError(error)
        }
    }

    private func mapped(_ detections: [Detection]) -> [Detection] {
        detections.compactMap { detection in
            places[detection.classIndex].map { place in
                Detection(classIndex: place, score: detection.score, box: detection.box)
            }
        }
    }
}

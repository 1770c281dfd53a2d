public import Configuration
internal import Datasets
public import Flow
public import Pipeline
internal import Scene
internal import ThunderNet
internal import Video

/// Evaluation of a model on annotated images: average precision of COCO and VOC.
public struct Evaluation: Sendable {
    private let dataset: AnnotatedSet
    private let context: DetectionContext
    /// Index in the data set of each class of the model; nil for classes that it lacks.
    private let indices: [Int?]

    /// Reads the data set and loads the model.
    ///
    /// - Parameters:
    ///   - path: A data set in any format that `Datasets` reads.
    ///   - model: Name or path, input size and fit.
    /// - Throws: A `RunError` when one of them is wrong, or when they share no class.
    public init(dataset path: String, model: ModelChoice) throws(RunError) {
        let dataset = try Self.read(path)
        var description = DetectDescription()
        description.model = model
        context = try DetectionContext(description)
        let names = dataset.classes
        indices = context.model.description.classes.map { names.firstIndex(of: $0) }
        guard indices.contains(where: { $0 != nil }) else {
            throw RunError(
                .usage,
                "\(path) has none of the model's classes; it has \(names.joined(separator: ", ")).")
        }
        self.dataset = dataset
    }

    /// Runs the detector over every image.
    ///
    /// - Throws: A `RunError` for an image that is missing or damaged, or on a stop.
    public func run(console: Console, stop: StopSignal) throws(RunError) -> EvaluationReport {
        let images = try images(console: console, stop: stop)
        return EvaluationReport(
            images: images.count, classNames: classNames,
            coco: DetectionMetrics(images: images, classCount: classNames.count),
            voc: VOCPrecision(images: images, classCount: classNames.count))
    }

    /// Names of the data set's classes.
    var classNames: [String] { dataset.classes }

    /// Runs the detector over every image and returns its detections beside the ground truth.
    ///
    /// - Throws: A `RunError` that names damaged images: figures that include them would mean nothing.
    func images(console: Console, stop: StopSignal) throws(RunError) -> [AnnotatedImage] {
        var detector = try FrameDetector(context)
        var images: [AnnotatedImage] = []
        var damaged: [String] = []
        for (index, picture) in dataset.pictures.enumerated() {
            if stop.isRequested { throw RunError(.interrupted, "Stopped before the end.") }
            console.progress("\(index + 1) of \(dataset.pictures.count) images")
            guard let extent = try detect(in: picture.path, with: &detector) else {
                damaged.append(picture.path)
                continue
            }
            let truths = picture.truths(
                width: extent.width, height: extent.height, classCount: classNames.count)
            images.append(AnnotatedImage(truths: truths, detections: mapped(detector.detections)))
        }
        console.progress("")
        if let error = Self.damage(of: damaged, among: dataset.pictures.count) { throw error }
        return images
    }

    /// Reads the part of a data set that is meant for measuring.
    private static func read(_ path: String) throws(RunError) -> AnnotatedSet {
        var source = DatasetSource(argument: path)
        source.preferredSplits = ["val", "test", "train"]
        do throws(DatasetError) {
            return try AnnotatedSet(source)
        } catch {
            throw RunError(error)
        }
    }

    /// Error that names damaged images; nil for none.
    private static func damage(of paths: [String], among count: Int) -> RunError? {
        guard !paths.isEmpty else { return nil }
        let more = paths.count > 10 ? " and \(paths.count - 10) more" : ""
        return RunError(
            .damaged,
            "\(paths.count) of \(count) images are damaged: "
                + paths.prefix(10).joined(separator: ", ")
                + more + ". Replace them, or remove them from the data set.")
    }

    /// Detects objects in an image file and returns the image's size; nil for a damaged image.
    private func detect(
        in path: String, with detector: inout FrameDetector
    ) throws(RunError) -> PictureExtent? {
        do throws(DatasetError) { try PlainFile.check(path) } catch { throw RunError(error) }
        do throws(VideoError) {
            var reader = try VideoReader(path)
            guard case .frame(let frame)? = try reader.next() else {
                throw VideoError(.damaged, "Reading \(path): there is no image in it.")
            }
            try detector.detectImage(frame)
            guard !frame.isDamaged else { return nil }
            return PictureExtent(width: frame.width, height: frame.height)
        } catch {
            if error.kind == .damaged { return nil }
            throw RunError(error)
        }
    }

    private func mapped(_ detections: [Detection]) -> [Detection] {
        detections.compactMap { detection in
            indices[detection.classIndex].map { index in
                Detection(classIndex: index, score: detection.score, box: detection.box)
            }
        }
    }
}

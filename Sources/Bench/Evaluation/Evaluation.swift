public import Configuration
public import Flow
public import Pipeline
internal import Scene
internal import ThunderNet
internal import Video

/// Evaluation of a model on a COCO-format data set: average precision of COCO and VOC.
public struct Evaluation: Sendable {
    private let dataset: COCODataset
    private let context: DetectionContext
    /// Index in the data set of each class of the model; nil for classes that it lacks.
    private let indices: [Int?]

    /// Reads the data set and loads the model.
    ///
    /// - Parameters:
    ///   - path: A JSON file; paths of images are relative to it.
    ///   - model: Name or path, input size and fit.
    /// - Throws: A `RunError` when one of them is wrong, or when they share no class.
    public init(dataset path: String, model: ModelChoice) throws(RunError) {
        let dataset = try COCODataset(path: path)
        var description = DetectDescription()
        description.model = model
        context = try DetectionContext(description)
        let names = dataset.categories.map(\.name)
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
        var detector = try FrameDetector(context)
        let truths = groupedTruths()
        var images: [AnnotatedImage] = []
        var damaged: [String] = []
        for (index, image) in dataset.images.enumerated() {
            if stop.isRequested { throw RunError(.interrupted, "Stopped before the end.") }
            let path = dataset.path(of: image)
            if try !detect(in: path, with: &detector) { damaged.append(path) }
            images.append(
                AnnotatedImage(
                    truths: truths[image.id] ?? [], detections: mapped(detector.detections)))
            console.progress("\(index + 1) of \(dataset.images.count) images")
        }
        console.progress("")
        if let error = Self.damage(of: damaged, among: images.count) { throw error }
        let names = dataset.categories.map(\.name)
        return EvaluationReport(
            images: images.count, classNames: names,
            coco: DetectionMetrics(images: images, classCount: names.count),
            voc: VOCPrecision(images: images, classCount: names.count))
    }

    /// Error that names damaged images: figures that include them would mean nothing; nil for none.
    private static func damage(of paths: [String], among count: Int) -> RunError? {
        guard !paths.isEmpty else { return nil }
        let more = paths.count > 10 ? " and \(paths.count - 10) more" : ""
        return RunError(
            .damaged,
            "\(paths.count) of \(count) images are damaged: "
                + paths.prefix(10).joined(separator: ", ")
                + more + ". Replace them, or remove them from the data set.")
    }

    /// Detects in an image; false for a damaged one.
    private func detect(
        in path: String, with detector: inout FrameDetector
    ) throws(RunError) -> Bool {
        do throws(VideoError) {
            var reader = try VideoReader(path)
            guard case .frame(let frame)? = try reader.next() else {
                throw VideoError(.damaged, "Reading \(path): there is no image in it.")
            }
            try detector.detectImage(frame)
            return !frame.isDamaged
        } catch {
            if error.kind == .damaged { return false }
            throw RunError(error)
        }
    }

    private func groupedTruths() -> [Int: [AnnotatedObject]] {
        let categories = Dictionary(
            uniqueKeysWithValues: dataset.categories.enumerated().map { ($1.id, $0) })
        var truths: [Int: [AnnotatedObject]] = [:]
        for annotation in dataset.annotations {
            guard let category = categories[annotation.category] else { continue }
            let box = Box(
                x: annotation.box[0], y: annotation.box[1], width: annotation.box[2],
                height: annotation.box[3])
            truths[annotation.image, default: []].append(
                AnnotatedObject(
                    classIndex: category, box: box, area: annotation.area.map { Double($0) },
                    isCrowd: annotation.isCrowd?.isSet == true))
        }
        return truths
    }

    private func mapped(_ detections: [Detection]) -> [Detection] {
        detections.compactMap { detection in
            indices[detection.classIndex].map { index in
                Detection(classIndex: index, score: detection.score, box: detection.box)
            }
        }
    }
}

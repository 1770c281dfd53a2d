internal import Datasets
internal import Scene
public import ThunderNet

/// Held-out images for evaluations during a run.
public struct HeldOutPictures: Sendable {
    private let set: TrainingSet
    private let pixels: any PixelSource & Sendable

    /// Creates an evaluation set from a set and its store.
    public init(_ set: TrainingSet, _ pixels: any PixelSource & Sendable) {
        self.set = set
        self.pixels = pixels
    }

    /// Evaluates a model with the inference plan, like `thunderline eval`, in pixels of the store.
    ///
    /// Detections of classes that are unlabelled in an image are dropped.
    ///
    /// - Throws: `ModelError` if the model cannot be run.
    public func evaluation(of model: Model, threads: Int = 1) throws -> EvaluationRecord {
        var options = DetectorOptions()
        options.threads = threads
        // float32, like training, instead of the faster number formats of inference.
        options.precision = .float32
        var detector = try Detector(model: model, options: options)
        var images: [AnnotatedImage] = []
        var detections: [Detection] = []
        var picturePixels: [UInt8] = []
        for picture in set.pictures {
            pixels.withPixels(of: picture.stored) { rgb, _, _ in
                picturePixels.removeAll(keepingCapacity: true)
                for index in rgb.indices { picturePixels.append(rgb[index]) }
            }
            detector.detect(
                rgb: picturePixels.span, width: picture.extent.width,
                height: picture.extent.height, into: &detections)
            let judged = detections.filter { !picture.unlabelled.contains($0.classIndex) }
            images.append(
                AnnotatedImage(
                    truths: picture.truths(classCount: set.classes.count), detections: judged))
        }
        return EvaluationRecord(
            images, stored: set.pictures.map(\.stored), classes: set.classes)
    }
}

extension TrainingPicture {
    /// Annotations as ground truth for evaluation; one ignored for all classes appears once per class.
    fileprivate func truths(classCount: Int) -> [AnnotatedObject] {
        annotations.flatMap { annotation in
            let classes = annotation.classIndex.map { $0..<$0 + 1 } ?? 0..<classCount
            return classes.map {
                AnnotatedObject(
                    classIndex: $0, box: annotation.box, isCrowd: annotation.isIgnored)
            }
        }
    }
}

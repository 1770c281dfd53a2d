internal import Datasets
internal import Scene
public import ThunderNet

/// Pictures that are not trained on, by which a run tells how good it is.
public struct HeldOutPictures: Sendable {
    private let set: TrainingSet
    private let pixels: any PixelSource & Sendable

    /// Pictures of a set in a store.
    public init(_ set: TrainingSet, _ pixels: any PixelSource & Sendable) {
        self.set = set
        self.pixels = pixels
    }

    /// Measures a model with the inference plan, as `thunderline eval` does, in pixels of the store.
    ///
    /// Detections of a class that nobody annotated in a picture are left out.
    ///
    /// - Throws: `ModelError` where the model cannot be run.
    public func evaluation(of model: Model, threads: Int = 1) throws -> EvaluationRecord {
        var options = DetectorOptions()
        options.threads = threads
        // The numbers that training computes with, not those of a narrower plan.
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
    /// The annotations as evaluation wants them; one that is ignored for all classes appears once for each.
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

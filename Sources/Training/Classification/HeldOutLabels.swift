internal import Datasets
internal import Scene
internal import ThunderNet

/// Held-out labelled images for evaluations of a classifier.
public struct HeldOutLabels: Sendable {
    private let set: TrainingSet
    private let pixels: any PixelSource & Sendable
    private let extent: PictureExtent
    /// Images per forward pass.
    private static let batch = 100

    /// Creates an evaluation set from a set, its store, and the size of the input in pixels.
    public init(
        _ set: TrainingSet, _ pixels: any PixelSource & Sendable, width: Int, height: Int
    ) {
        self.set = set
        self.pixels = pixels
        extent = PictureExtent(width: width, height: height)
    }

    /// Evaluates a network on the largest centered part of each image.
    ///
    /// - Throws: ``TorchError`` if libtorch fails.
    public func evaluation(of network: ClassifierNetwork) throws -> ClassificationRecord {
        let classes = network.description.classes
        var record = ClassificationRecord(classes: classes)
        let writer = InputWriter(network.description.input.normalization, order: .pixels)
        var renderer = PictureRenderer()
        try TorchLibrary.withoutGradients {
            for start in stride(from: 0, to: set.pictures.count, by: Self.batch) {
                let some = set.pictures[start..<min(start + Self.batch, set.pictures.count)]
                let batch = batch(some, &renderer, writer)
                let logits = try network.logits(batch.images(nil), extent).values()
                for (row, picture) in some.enumerated() {
                    let outputs = logits[row * classes.count..<(row + 1) * classes.count]
                    record.add(label: picture.annotations.first?.classIndex ?? 0, outputs)
                }
            }
        }
        return record
    }

    private func batch(
        _ pictures: ArraySlice<TrainingPicture>, _ renderer: inout PictureRenderer,
        _ writer: InputWriter
    ) -> TrainingBatch {
        let count = 3 * extent.width * extent.height
        var numbers = [Float](repeating: 0, count: count * pictures.count)
        var canvas: [UInt8] = []
        let aspect = Float(extent.width) / Float(extent.height)
        let plans = pictures.map { picture in
            PicturePlan(
                extent: extent,
                patches: [
                    PicturePatch(
                        picture: picture.stored, source: picture.extent.centered(aspect: aspect),
                        target: PixelArea(extent))
                ])
        }
        for (index, plan) in plans.enumerated() {
            renderer.render(plan, from: pixels, into: &canvas)
            var span = numbers.mutableSpan
            var part = span._mutatingExtracting(index * count..<(index + 1) * count)
            writer.write(canvas.span, plan.color, into: &part)
        }
        return TrainingBatch(extent: extent, pixels: numbers, plans: plans)
    }
}

public import Datasets
public import Tensors
public import ThunderNet

/// A classifier that libtorch computes from the project's graph, at any input size, with one set of parameters.
public final class ClassifierNetwork {
    /// Description of the classifier.
    public let description: ClassifierDescription
    /// Weights and statistics.
    public let parameters: Parameters
    /// Weight of a batch's statistics in the update of the stored ones, for live statistics.
    var statisticsMomentum = TorchNorm.momentum
    private let options: ReadingOptions
    private var readings: [PictureExtent: TorchReading] = [:]

    /// Creates a network with initial weights.
    ///
    /// - Throws: `ModelError` for an unsupported description, or ``TorchError``.
    public init(
        _ description: ClassifierDescription, _ weights: Weights, _ options: ReadingOptions
    ) throws {
        self.description = description
        self.options = options
        let manifest = WeightManifest(try description.graph(width: 32, height: 32))
        parameters = try Parameters(weights, manifest)
    }

    /// Creates a network from tensors by name.
    convenience init(
        _ description: ClassifierDescription, _ numbers: [String: Tensor],
        _ options: ReadingOptions
    ) throws {
        let manifest = WeightManifest(try description.graph(width: 32, height: 32))
        try self.init(description, Weights(numbers, for: manifest), options)
    }

    /// Computes the classes' outputs for images `[images, 3, rows, columns]`: `[images, classes]`, float32.
    public func logits(_ images: TorchTensor, _ extent: PictureExtent) throws -> TorchTensor {
        var reading = try readings[extent] ?? reading(extent)
        reading.statisticsMomentum = statisticsMomentum
        guard let logits = try reading.run(["image": images])["logits"] else {
            preconditionFailure("a classifier has one output")
        }
        return try logits.cast(to: .float32).reshaped([-1, description.classes.count])
    }

    private func reading(_ extent: PictureExtent) throws -> TorchReading {
        let graph = try description.graph(width: extent.width, height: extent.height)
        let reading = TorchReading(graph, parameters, options)
        readings[extent] = reading
        return reading
    }
}

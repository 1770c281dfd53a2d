internal import Configuration
internal import Datasets
public import Scene
public import Tensors
public import ThunderNet

/// A trainable detector: libtorch computes the project's graphs at any input size, with one set of parameters.
public final class DetectorNetwork {
    /// Description of the model.
    public let description: ModelDescription
    /// Weights and statistics.
    public let parameters: Parameters
    /// Options of the computation.
    public let options: ReadingOptions
    private var sizes: [Size: Reading] = [:]

    private struct Size: Hashable {
        var width: Int
        var height: Int
    }

    /// Graphs for one input size.
    private struct Reading {
        var body: TorchReading
        var pooling: TorchReading
        var head: TorchReading
        var grid: AnchorGrid
    }

    /// Outputs of the body for a batch; anchors are ordered by row, column and index in the cell.
    public struct Maps {
        /// One logit per anchor: `[images · anchors]`, float32.
        public let objectness: TorchTensor
        /// Four deltas per anchor: `[images · anchors, 4]`, float32.
        public let deltas: TorchTensor
        /// Feature map for region pooling.
        public let attended: TorchTensor
        /// Anchors of one image.
        public let grid: AnchorGrid
    }

    /// Outputs of the head for regions, float32.
    public struct HeadOutputs {
        /// Class logits, background last: `[regions, classes + 1]`.
        public let classes: TorchTensor
        /// Box deltas: `[regions, 4]`, or four per class.
        public let boxes: TorchTensor
    }

    /// Creates a network with initial weights.
    ///
    /// - Throws: `ModelError` for an unsupported description, or ``TorchError``.
    public init(
        _ description: ModelDescription, _ weights: Weights, _ options: ReadingOptions,
        type: TorchType = .float32, isTrained: (WeightManifest.Entry) -> Bool = { _ in true }
    ) throws {
        self.description = description
        self.options = options
        let manifest = try description.graph(width: 32, height: 32).manifest
        parameters = try Parameters(weights, manifest, type: type) { entry in
            // With frozen statistics a scale is redundant with the preceding weight.
            (options.statistics == .live || entry.role != .normScale) && isTrained(entry)
        }
    }

    private func reading(_ width: Int, _ height: Int) throws -> Reading {
        let size = Size(width: width, height: height)
        if let known = sizes[size] { return known }
        let graph = try description.graph(width: width, height: height)
        var wide = options
        // The head is small and sensitive to rounding, so it stays in float32.
        if wide.type == .bfloat16 { wide.type = .float32 }
        let reading = Reading(
            body: TorchReading(graph.body, parameters, options),
            pooling: TorchReading(graph.pooling, parameters, wide),
            head: TorchReading(graph.head, parameters, wide),
            grid: AnchorGrid(
                description.anchors, PictureExtent(width: width, height: height)))
        sizes[size] = reading
        return reading
    }

    /// Computes the body's outputs for images `[images, 3, rows, columns]`.
    public func maps(_ images: TorchTensor, width: Int, height: Int) throws -> Maps {
        let reading = try reading(width, height)
        let outputs = try reading.body.run(["input": images])
        guard let objectness = outputs["objectness"], let deltas = outputs["deltas"],
            let attended = outputs["attended"]
        else { preconditionFailure("a body has three outputs") }
        let wide = options.type == .float64 ? TorchType.float64 : .float32
        return Maps(
            objectness: try logits(objectness.cast(to: wide)),
            deltas: try deltas.cast(to: wide).permuted([0, 2, 3, 1]).reshaped([-1, 4]),
            attended: try attended.cast(to: wide), grid: reading.grid)
    }

    /// One logit per anchor, for every encoding of objectness.
    private func logits(_ map: TorchTensor) throws -> TorchTensor {
        let count = description.anchors.count
        let last = try map.permuted([0, 2, 3, 1])
        guard description.objectness == .softmax else { return try last.reshaped([-1]) }
        return try last.narrowed(3, count..<2 * count).subtracting(last.narrowed(3, 0..<count))
            .reshaped([-1])
    }

    /// Computes the head's outputs for the regions of each image, concatenated.
    public func headOutputs(
        _ maps: Maps, regions: [[Box]], width: Int, height: Int
    ) throws -> HeadOutputs {
        let reading = try reading(width, height)
        let most = max(1, regions.map(\.count).max() ?? 0)
        // Images with fewer regions are padded; outputs of the padding are dropped.
        var corners = [Float](repeating: 0, count: regions.count * most * 4)
        var rows: [Int] = []
        for (picture, boxes) in regions.enumerated() {
            for (index, box) in boxes.enumerated() {
                let row = picture * most + index
                rows.append(row)
                for (side, value) in [box.x, box.y, box.right, box.bottom].enumerated() {
                    corners[4 * row + side] = value
                }
            }
        }
        var pooled = try reading.pooling.run([
            "attended": maps.attended,
            "regions": TorchTensor(corners, [regions.count, most, 4]),
        ])["pooled"]
        if rows.count < regions.count * most { pooled = try pooled?.rows(rows) }
        guard let pooled else { preconditionFailure("pooling has one output") }
        let outputs = try reading.head.run(["pooled": pooled])
        guard let classes = outputs["classLogits"], let boxes = outputs["boxDeltas"] else {
            preconditionFailure("a head has two outputs")
        }
        return HeadOutputs(classes: classes, boxes: boxes)
    }

    /// Creates a model for inference from tensors by name.
    public func model(_ numbers: [String: Tensor]) throws(ModelError) -> Model {
        try Model(
            ModelFile(
                name: description.name, metadata: ["model": description.json], tensors: numbers))
    }
}

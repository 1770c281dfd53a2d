public import Foundation
public import Tensors

/// A model: its description, and weights validated against it.
public struct Model: Sendable {
    /// The description.
    public let description: ModelDescription
    /// The weights: every tensor of the graphs, finite and of the right dimensions.
    public let weights: Weights
    /// False for random weights, which detect nothing and serve benchmarks.
    public let isTrained: Bool

    /// Reads a model file.
    ///
    /// - Throws: `ModelError` with the file, and the wrong tensor or key.
    public init(contentsOf url: URL) throws(ModelError) {
        try self.init(ModelFile(contentsOf: url))
    }

    /// Creates a model from a model file.
    ///
    /// - Throws: `ModelError` with the file, and the wrong tensor or key.
    public init(_ file: ModelFile) throws(ModelError) {
        guard let text = file.metadata["model"] else {
            throw ModelError(
                .unsupported, file: file.name,
                problem: "has no description under the metadata key \"model\"",
                advice: "It may hold another kind of network; see the documentation of model files "
                    + "for the names of tensors and the description.")
        }
        do {
            description = try ModelDescription(json: text, name: file.name.stem)
            weights = try Weights(file, for: Self.manifest(of: description))
        } catch {
            var error = error
            error.file = file.name
            throw error
        }
        isTrained = true
    }

    /// A model of random weights, which depend only on the seed: right in cost, without use for detection.
    ///
    /// - Throws: `ModelError` when the description is not supported.
    public static func untrained(
        _ description: ModelDescription, seed: UInt64 = 1
    ) throws(ModelError) -> Model {
        let graph = try description.graph(width: 32, height: 32)
        // Measurements of other weights do not apply.
        var description = description
        description.lowPrecision = ModelDescription.LowPrecision()
        description.accuracy = []
        return Model(
            description: description, weights: .random(for: [graph.body, graph.head], seed: seed),
            isTrained: false)
    }

    /// The model with other measured figures.
    public func withAccuracy(_ accuracy: [ModelDescription.Accuracy]) -> Model {
        var description = description
        description.accuracy = accuracy
        return Model(description: description, weights: weights, isTrained: isTrained)
    }

    /// The model with other low-precision support.
    public func withLowPrecision(_ lowPrecision: ModelDescription.LowPrecision) -> Model {
        var description = description
        description.lowPrecision = lowPrecision
        return Model(description: description, weights: weights, isTrained: isTrained)
    }

    private init(description: ModelDescription, weights: Weights, isTrained: Bool) {
        self.description = description
        self.weights = weights
        self.isTrained = isTrained
    }

    /// The model with weights rounded to half precision, which ``write(to:)`` stores in two bytes each.
    ///
    /// - Throws: `ModelError` for a weight beyond the range of half precision.
    public func roundedToHalf() throws(ModelError) -> Model {
        let rounded = weights.all.mapValues { tensor in
            Tensor(dims: tensor.dims, tensor.values.map { Float(Float16($0)) })
        }
        return try Model(
            ModelFile(
                name: description.name, metadata: ["model": description.json], tensors: rounded))
    }

    /// Writes the model, in half precision where that is lossless.
    ///
    /// - Throws: `ModelError` when the file cannot be written.
    public func write(to url: URL) throws(ModelError) {
        let isHalf = weights.all.values.allSatisfy { tensor in
            tensor.values.allSatisfy { Float(Float16($0)) == $0 }
        }
        try file(name: url.path).write(to: url, precision: isHalf ? .float16 : .float32)
    }

    /// The model as the contents of a file.
    public func file(name: String) -> ModelFile {
        ModelFile(name: name, metadata: ["model": description.json], tensors: weights.all)
    }

    private static func manifest(
        of description: ModelDescription
    ) throws(ModelError) -> WeightManifest {
        // Weights do not depend on the input size.
        try description.graph(width: 32, height: 32).manifest
    }
}

extension ModelDescription {
    /// The networks at an input size.
    ///
    /// - Parameters:
    ///   - width: Width of the input in pixels.
    ///   - height: Height of the input in pixels.
    ///   - keepsFeatures: True to declare the backbone's maps as outputs.
    /// - Returns: Body, pooling and head.
    /// - Throws: `ModelError` unless both sides are multiples of 32.
    public func graph(
        width: Int, height: Int, keepsFeatures: Bool = false
    ) throws(ModelError) -> DetectorGraph {
        try Self.checkInput(width: width, height: height)
        return DetectorGraph(
            try design(), width: width, height: height, keepsFeatures: keepsFeatures)
    }
}

extension String {
    /// The last part of a path without its extension.
    fileprivate var stem: String {
        URL(fileURLWithPath: self).deletingPathExtension().lastPathComponent
    }
}

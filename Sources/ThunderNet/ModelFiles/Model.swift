public import Foundation
public import Tensors

/// A model: its description and the weights that were checked against it.
public struct Model: Sendable {
    /// What it is.
    public let description: ModelDescription
    /// Its numbers: every tensor of the graphs, finite and of the right dimensions.
    public let weights: Weights
    /// False for weights drawn at random, which detect nothing and serve measurements.
    public let isTrained: Bool

    /// Reads a model file.
    ///
    /// - Throws: `ModelError` that names the file, and the tensor or key that is wrong.
    public init(contentsOf url: URL) throws(ModelError) {
        try self.init(ModelFile(contentsOf: url))
    }

    /// Takes a model file that was read.
    ///
    /// - Throws: `ModelError` that names the file, and the tensor or key that is wrong.
    public init(_ file: ModelFile) throws(ModelError) {
        guard let text = file.metadata["model"] else {
            throw ModelError(
                .unsupported, file: file.name,
                problem: "has no description under the metadata key \"model\"",
                advice: "It may hold another kind of network; the documentation of model files "
                    + "says how to name tensors and describe them.")
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

    /// A model of random weights that depend on the seed alone: it costs what a trained one costs and detects nothing.
    ///
    /// - Throws: `ModelError` when the description asks for what is not there.
    public static func untrained(
        _ description: ModelDescription, seed: UInt64 = 1
    ) throws(ModelError) -> Model {
        let graph = try description.graph(width: 32, height: 32)
        // What was measured of other weights holds for these no longer.
        var description = description
        description.narrowing = ModelDescription.Narrowing()
        description.accuracy = []
        return Model(
            description: description, weights: .random(for: [graph.body, graph.head], seed: seed),
            isTrained: false)
    }

    /// The same weights with another choice of what products are computed in.
    public func narrowed(_ narrowing: ModelDescription.Narrowing) -> Model {
        var description = description
        description.narrowing = narrowing
        return Model(description: description, weights: weights, isTrained: isTrained)
    }

    private init(description: ModelDescription, weights: Weights, isTrained: Bool) {
        self.description = description
        self.weights = weights
        self.isTrained = isTrained
    }

    /// Writes the model, in half precision where that loses nothing.
    ///
    /// - Throws: `ModelError` when the system refuses.
    public func write(to url: URL) throws(ModelError) {
        let isHalf = weights.all.values.allSatisfy { tensor in
            tensor.values.allSatisfy { Float(Float16($0)) == $0 }
        }
        try file(name: url.path).write(to: url, precision: isHalf ? .float16 : .float32)
    }

    /// The model as a file holds it.
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
    ///   - keepsFeatures: Declares the backbone's maps as outputs too.
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

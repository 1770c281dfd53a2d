internal import Configuration
internal import Foundation
public import Tensors
public import ThunderNet

/// Initial weights of a run.
public struct StartingWeights: Sendable {
    /// Values of all tensors.
    public let weights: Weights
    /// Number of tensors taken from a file.
    public let taken: Int
    /// Names of tensors with other dimensions in the file; they stay random.
    public let differing: [String]
    /// Classes whose rows were taken by name from a file with other classes; nil if the file has the same ones.
    public let matchedClasses: [String]?

    /// Draws random weights: kernels by fan-in (He et al., 2015), output layers close to zero.
    public init(drawing description: ModelDescription, seed: UInt64) throws(ModelError) {
        weights = try Self.drawn(description, seed)
        taken = 0
        differing = []
        matchedClasses = nil
    }

    /// Takes matching tensors from a model file, by name, and draws the others.
    ///
    /// Of a model with other classes, the outputs of the classes that both have are taken, whatever their order.
    ///
    /// - Throws: `ModelError` if the file cannot be read or no tensor matches.
    public init(
        _ start: TrainingRecipe.Start, for description: ModelDescription, seed: UInt64
    ) throws(ModelError) {
        let file = try ModelFile(contentsOf: URL(fileURLWithPath: start.file))
        try self.init(file, part: start.part, for: description, seed: seed)
    }

    /// Takes matching tensors from a parsed file.
    init(
        _ file: ModelFile, part: TrainedModel.StartPart, for description: ModelDescription,
        seed: UInt64
    ) throws(ModelError) {
        var tensors = try Self.drawn(description, seed).all
        let rows = Self.rows(of: file, for: description)
        var (taken, differing) = (0, [String]())
        for (name, tensor) in file.tensors
        where part == .whole || name.hasPrefix("backbone.") {
            guard let own = tensors[name] else { continue }
            if let found = Self.fitted(tensor, to: own, name, rows) {
                tensors[name] = found
                taken += 1
            } else {
                differing.append(name)
            }
        }
        guard taken > 0 else { throw Self.nothingTaken(file) }
        weights = try Weights(
            tensors, for: description.graph(width: 32, height: 32).manifest, file: file.name)
        self.taken = taken
        self.differing = differing.sorted()
        matchedClasses = part == .whole ? rows?.classes : nil
    }

    /// Rows of classes to match by name; nil if the file has the same classes, or does not say which.
    private static func rows(of file: ModelFile, for description: ModelDescription) -> ClassRows? {
        guard let text = file.metadata["model"], let other = try? ModelDescription(json: text)
        else { return nil }
        return ClassRows(description, from: other)
    }

    /// Values for a tensor of the network from the file's; nil if they do not fit.
    private static func fitted(
        _ tensor: Tensor, to own: Tensor, _ name: String, _ rows: ClassRows?
    ) -> Tensor? {
        if let rows, ClassRows.tensors.contains(name) { return rows.merged(own, tensor) }
        return own.dims == tensor.dims ? tensor : nil
    }

    /// Summary of the tensors taken, in one line.
    public func summary(file: String?) -> String {
        guard let file else { return "random weights" }
        let rest =
            differing.isEmpty
            ? ""
            : ", \(differing.count) with other dimensions stay random (\(differing.joined(separator: ", ")))"
        let matched = matchedClasses.map {
            "; outputs of its classes \($0.joined(separator: ", "))"
        }
        return "\(taken) of \(weights.names.count) tensors from \(file)\(matched ?? "")\(rest)"
    }

    private static func drawn(
        _ description: ModelDescription, _ seed: UInt64
    ) throws(ModelError) -> Weights {
        let graph = try description.graph(width: 32, height: 32)
        return try .drawn(for: [graph.body, graph.head], seed: seed)
    }
}

extension StartingWeights {
    /// Takes matching tensors from a model file for a classifier, by name, and draws the others; draws all without a
    /// start.
    ///
    /// The classes' outputs are taken from a classifier with the same classes only.
    ///
    /// - Throws: `ModelError` if the file cannot be read or no tensor matches.
    init(
        _ start: TrainingRecipe.Start?, for description: ClassifierDescription, seed: UInt64
    ) throws(ModelError) {
        let graph = try description.graph(width: 32, height: 32)
        var tensors = try Weights.drawn(for: [graph], seed: seed, isFromScratch: true).all
        var taken = 0
        if let start {
            let file = try ModelFile(contentsOf: URL(fileURLWithPath: start.file))
            let former = file.metadata[ClassifierDescription.key]
                .flatMap { try? ClassifierDescription(json: $0) }
            let isWhole = start.part == .whole && former?.classes == description.classes
            for (name, tensor) in file.tensors where isWhole || name.hasPrefix("backbone.") {
                guard tensors[name]?.dims == tensor.dims else { continue }
                tensors[name] = tensor
                taken += 1
            }
            guard taken > 0 else { throw Self.nothingTaken(file) }
        }
        weights = try Weights(tensors, for: WeightManifest(graph), file: start?.file)
        self.taken = taken
        differing = []
        matchedClasses = nil
    }

    private static func nothingTaken(_ file: ModelFile) -> ModelError {
        ModelError(
            .mismatched, file: file.name, problem: "has no tensor that matches the network",
            advice: "It may be of another backbone.")
    }
}

extension Weights {
    /// Standard deviations of output layers, which start close to zero (Fast R-CNN, 2015).
    private static let outputs: [String: Float] = [
        "proposal.objectness.weight": 0.01, "proposal.deltas.weight": 0.01,
        "head.classes.weight": 0.01, "head.boxes.weight": 0.001, "classifier.weight": 0.01,
    ]

    /// Draws the weights of graphs that share a file.
    ///
    /// A normalization makes its convolution's scale irrelevant for the outputs, but not for learning: the smaller the
    /// kernel, the more a step turns it. With `isFromScratch`, kernels have a variance of 1/3 of the inverse fan-in,
    /// as in PyTorch, a sixth of He's.
    fileprivate static func drawn(
        for graphs: [Graph], seed: UInt64, isFromScratch: Bool = false
    ) throws(ModelError) -> Weights {
        let manifest = WeightManifest(graphs)
        var tensors = Weights.random(for: graphs, seed: seed).all
        for entry in manifest.entries {
            switch entry.role {
            case .bias, .normShift, .normMean: tensors[entry.name] = Tensor(dims: entry.dims)
            case .normScale, .normVariance:
                tensors[entry.name] = Tensor(dims: entry.dims, repeating: 1)
            case .convolutionWeight, .denseWeight:
                if isFromScratch, let tensor = tensors[entry.name] {
                    tensors[entry.name] = tensor.scaled(
                        deviation: 1 / Float(3 * entry.count / entry.dims[0]).squareRoot())
                }
                guard let deviation = outputs[entry.name] else { continue }
                var source = NormalSource(seed: seed &+ UInt64(entry.count))
                tensors[entry.name] = Tensor(
                    dims: entry.dims, (0..<entry.count).map { _ in deviation * source.next() })
            }
        }
        return try Weights(tensors, for: manifest)
    }
}

extension Tensor {
    /// The tensor scaled to a root mean square.
    fileprivate func scaled(deviation: Float) -> Tensor {
        let mean = values.reduce(0) { $0 + $1 * $1 } / Float(count)
        let factor = deviation / max(mean.squareRoot(), .leastNormalMagnitude)
        return Tensor(dims: dims, values.map { $0 * factor })
    }
}

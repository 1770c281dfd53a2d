public import Tensors

/// Tensors of a network by the graph's names, as libtorch tensors; trained ones collect gradients.
public struct Parameters {
    /// One tensor with its manifest entry.
    public struct Entry {
        /// Name, dimensions and role.
        public let manifest: WeightManifest.Entry
        /// The libtorch tensor, float32 or float64.
        public let tensor: TorchTensor
        /// True when the tensor is trained; false for statistics and frozen weights.
        public let isTrained: Bool
    }

    /// All tensors in the manifest's order.
    public let entries: [Entry]
    private let places: [String: Int]

    /// Copies weights into libtorch tensors.
    ///
    /// - Parameters:
    ///   - weights: Initial values.
    ///   - manifest: Names, dimensions and roles of the network's tensors.
    ///   - type: float32, or float64 in tests.
    ///   - isTrained: Selects the trained ones among the learnable tensors.
    /// - Throws: ``TorchError`` in a build without libtorch.
    public init(
        _ weights: Weights, _ manifest: WeightManifest, type: TorchType = .float32,
        isTrained: (WeightManifest.Entry) -> Bool = { _ in true }
    ) throws(TorchError) {
        var entries: [Entry] = []
        for entry in manifest.entries {
            let numbers = try TorchTensor(weights[entry.name].values, entry.dims)
            let tensor = try numbers.cast(to: type)
            let trains = entry.isParameter && isTrained(entry)
            if trains { try tensor.requireGradient() }
            entries.append(Entry(manifest: entry, tensor: tensor, isTrained: trains))
        }
        self.entries = entries
        places = Dictionary(
            uniqueKeysWithValues: entries.enumerated().map { ($1.manifest.name, $0) })
    }

    /// The tensor with a name in the manifest.
    public subscript(name: String) -> TorchTensor {
        guard let place = places[name] else {
            preconditionFailure("no parameter is named \(name)")
        }
        return entries[place].tensor
    }

    /// Trained tensors in the manifest's order.
    public var trained: [Entry] { entries.filter(\.isTrained) }

    /// Copies all values out, by name.
    public func numbers() throws(TorchError) -> [String: Tensor] {
        var numbers: [String: Tensor] = [:]
        for entry in entries {
            numbers[entry.manifest.name] = Tensor(
                dims: entry.manifest.dims, try entry.tensor.values())
        }
        return numbers
    }
}

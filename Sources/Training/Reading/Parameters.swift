public import Tensors

/// The tensors of a network by the graph's names, as libtorch's, learned ones collecting gradients.
public struct Parameters {
    /// One tensor: its place in the network and its numbers.
    public struct Entry {
        /// Name, dimensions and role.
        public let manifest: WeightManifest.Entry
        /// The numbers, at least float32.
        public let tensor: TorchTensor
        /// Whether it is trained; statistics and what is held still are not.
        public let isTrained: Bool
    }

    /// All tensors, in the order of the manifest.
    public let entries: [Entry]
    private let places: [String: Int]

    /// Copies weights in.
    ///
    /// - Parameters:
    ///   - weights: The numbers to start from.
    ///   - manifest: The tensors of the network.
    ///   - type: float32, or float64 in tests.
    ///   - isTrained: Which of the learned tensors are trained.
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

    /// The tensor of a name that the manifest lists.
    public subscript(name: String) -> TorchTensor {
        guard let place = places[name] else {
            preconditionFailure("no parameter is named \(name)")
        }
        return entries[place].tensor
    }

    /// The tensors that are trained, in the order of the manifest.
    public var trained: [Entry] { entries.filter(\.isTrained) }

    /// The numbers by name, copied out.
    public func numbers() throws(TorchError) -> [String: Tensor] {
        var numbers: [String: Tensor] = [:]
        for entry in entries {
            numbers[entry.manifest.name] = Tensor(
                dims: entry.manifest.dims, try entry.tensor.values())
        }
        return numbers
    }
}

/// The list of tensors that a ``Graph`` needs.
public struct WeightManifest: Sendable {
    /// Role of a tensor in its layer.
    public enum Role: Hashable, Sendable {
        /// The kernel of a convolution, `[outputs, inputs/groups, kernel, kernel]`.
        case convolutionWeight
        /// The matrix of a dense layer, `[outputs, inputs]`.
        case denseWeight
        /// The bias of a convolution or a dense layer, `[outputs]`.
        case bias
        /// The learned scale of a normalisation, `[channels]`.
        case normScale
        /// The learned shift of a normalisation, `[channels]`.
        case normShift
        /// The stored mean of a normalisation, `[channels]`.
        case normMean
        /// The stored variance of a normalisation, `[channels]`.
        case normVariance
    }

    /// One tensor of the network.
    public struct Entry: Hashable, Sendable {
        /// Name of the node and the part, such as `backbone.stem.conv.weight`.
        public let name: String
        /// The length of each dimension, outermost first.
        public let dims: [Int]
        /// Role in the layer.
        public let role: Role

        /// Number of elements.
        public var count: Int { dims.reduce(1, *) }

        /// True for learned parameters, false for running statistics.
        public var isParameter: Bool { role != .normMean && role != .normVariance }
    }

    /// All tensors in the order of the nodes.
    public let entries: [Entry]

    /// The tensors of one graph.
    public init(_ graph: Graph) {
        self.init([graph])
    }

    /// The tensors of several graphs that share a file.
    ///
    /// Names must be unique.
    public init(_ graphs: [Graph]) {
        entries = graphs.flatMap { graph in
            graph.nodes.flatMap { node in
                node.weightEntries(inputs: node.inputs.map { graph.shape($0) })
            }
        }
        let names = Set(entries.map(\.name))
        precondition(names.count == entries.count, "two graphs name the same tensor")
    }

    /// Number of learned parameters under a dotted prefix such as `backbone.stage2`; of all for an empty prefix.
    ///
    /// Counts scale and shift of a normalisation, but not its running statistics.
    public func parameterCount(under prefix: String = "") -> Int {
        entries.reduce(0) { sum, entry in
            entry.isParameter && entry.name.isUnder(prefix) ? sum + entry.count : sum
        }
    }
}

extension Graph.Node {
    /// The tensors of the node, given the shapes of its inputs.
    func weightEntries(inputs: [Shape]) -> [WeightManifest.Entry] {
        func entry(_ part: String, _ dims: [Int], _ role: WeightManifest.Role)
            -> WeightManifest.Entry
        {
            WeightManifest.Entry(name: "\(name).\(part)", dims: dims, role: role)
        }
        switch operation {
        case .convolution(let convolution):
            let (k, inputs) = (convolution.kernel, inputs[0].channels / convolution.groups)
            let weight = entry(
                "weight", [convolution.outputs, inputs, k, k], .convolutionWeight)
            guard convolution.hasBias else { return [weight] }
            return [weight, entry("bias", [convolution.outputs], .bias)]
        case .dense(let outputs):
            return [
                entry("weight", [outputs, inputs[0].channels], .denseWeight),
                entry("bias", [outputs], .bias),
            ]
        case .normalization:
            let dims = [shape.channels]
            return [
                entry("weight", dims, .normScale), entry("bias", dims, .normShift),
                entry("mean", dims, .normMean), entry("variance", dims, .normVariance),
            ]
        case .input, .relu, .sigmoid, .maxPool, .averagePool, .globalAverage, .upsample, .slice,
            .concatenation, .shuffle, .add, .multiply, .regionPool:
            return []
        }
    }
}

extension String {
    /// True when a dotted name equals a prefix or continues it; always true for the empty prefix.
    func isUnder(_ prefix: String) -> Bool {
        prefix.isEmpty || self == prefix || hasPrefix(prefix + ".")
    }
}

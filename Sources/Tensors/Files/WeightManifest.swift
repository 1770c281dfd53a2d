/// Which numbers a network needs: a reading of its ``Graph``.
public struct WeightManifest: Sendable {
    /// What a tensor does in its layer.
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
        /// The node's name and the part: `backbone.stem.conv.weight`.
        public let name: String
        /// The length of each dimension, outermost first.
        public let dims: [Int]
        /// What it does.
        public let role: Role

        /// How many numbers it holds.
        public var count: Int { dims.reduce(1, *) }

        /// Whether it is learned: everything but the running statistics, as papers count.
        public var isParameter: Bool { role != .normMean && role != .normVariance }
    }

    /// All tensors in the order of the nodes.
    public let entries: [Entry]

    /// The tensors of one graph.
    public init(_ graph: Graph) {
        self.init([graph])
    }

    /// The tensors of several graphs whose weights stand in one file; names must not repeat.
    public init(_ graphs: [Graph]) {
        entries = graphs.flatMap { graph in
            graph.nodes.flatMap { node in
                node.weightEntries(inputs: node.inputs.map { graph.shape($0) })
            }
        }
        let names = Set(entries.map(\.name))
        precondition(names.count == entries.count, "two graphs name the same tensor")
    }

    /// How many learned numbers stand under a dotted prefix (`backbone.stage2`); all of them
    /// without one.
    ///
    /// Scale and shift of a normalisation count, its running statistics do not.
    public func parameterCount(under prefix: String = "") -> Int {
        entries.reduce(0) { sum, entry in
            entry.isParameter && entry.name.isUnder(prefix) ? sum + entry.count : sum
        }
    }
}

extension Graph.Node {
    /// What the node needs, given its inputs' extents.
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
    /// Whether a dotted name is a prefix's own or stands below it; everything stands under the
    /// empty one.
    func isUnder(_ prefix: String) -> Bool {
        prefix.isEmpty || self == prefix || hasPrefix(prefix + ".")
    }
}

/// The arithmetic a network takes: a reading of its ``Graph``.
///
/// Counted as the ThunderNet group counts (CNN-Calculator): one multiply-accumulate is one,
/// convolutions and dense layers only, padding included; normalisation, activations, pooling and
/// sums are free.
public struct Cost: Sendable {
    /// What one node takes.
    public struct Entry: Hashable, Sendable {
        /// The node's dotted name.
        public let name: String
        /// Multiply-accumulates for one image.
        public let multiplyAdds: Int
    }

    /// The nodes that cost something, in their order.
    public let entries: [Entry]

    /// Counts a graph at the shapes it was built with.
    public init(_ graph: Graph) {
        entries = graph.nodes.compactMap { node in
            let inputs = node.inputs.map { graph.shape($0) }
            let count = node.multiplyAdds(inputs: inputs)
            return count > 0 ? Entry(name: node.name, multiplyAdds: count) : nil
        }
    }

    /// Multiply-accumulates of the nodes under a dotted prefix; of all nodes without one.
    public func multiplyAdds(under prefix: String = "") -> Int {
        entries.reduce(0) { $1.name.isUnder(prefix) ? $0 + $1.multiplyAdds : $0 }
    }
}

extension Graph.Node {
    /// Each output element takes one multiply-accumulate per weight it reads.
    fileprivate func multiplyAdds(inputs: [Shape]) -> Int {
        switch operation {
        case .convolution(let convolution):
            let perOutput =
                inputs[0].channels / convolution.groups * convolution.kernel * convolution.kernel
            return shape.count * perOutput
        case .dense:
            return shape.count * inputs[0].channels
        default:
            return 0
        }
    }
}

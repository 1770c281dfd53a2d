/// Multiply-accumulates of a ``Graph``, counted like the ThunderNet authors' CNN-Calculator.
///
/// Counts convolutions and dense layers, padding included. Normalisation, activations, pooling and sums are free.
public struct Cost: Sendable {
    /// Cost of one node.
    public struct Entry: Hashable, Sendable {
        /// The node's dotted name.
        public let name: String
        /// Multiply-accumulates for one image.
        public let multiplyAdds: Int
    }

    /// The nodes with a cost, in their order.
    public let entries: [Entry]

    /// Counts a graph at its shapes.
    public init(_ graph: Graph) {
        entries = graph.nodes.compactMap { node in
            let inputs = node.inputs.map { graph.shape($0) }
            let count = node.multiplyAdds(inputs: inputs)
            return count > 0 ? Entry(name: node.name, multiplyAdds: count) : nil
        }
    }

    /// Multiply-accumulates of the nodes under a dotted prefix; of all nodes for an empty prefix.
    public func multiplyAdds(under prefix: String = "") -> Int {
        entries.reduce(0) { $1.name.isUnder(prefix) ? $0 + $1.multiplyAdds : $0 }
    }
}

extension Graph.Node {
    /// One multiply-accumulate per output element and weight.
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

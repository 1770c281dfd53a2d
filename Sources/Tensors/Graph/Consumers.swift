/// The consumers of each node's value in a ``Graph``, for folding, fusing and lowering.
public struct Consumers: Sendable {
    /// For each node, the nodes that read its value, in order.
    ///
    /// A node that reads it twice is listed twice.
    public let byNode: [[Int]]
    /// For each node, true when it is an output of the graph.
    public let isOutput: [Bool]

    /// Collects the consumers of a graph.
    public init(_ graph: Graph) {
        var consumers = [[Int]](repeating: [], count: graph.nodes.count)
        for (index, node) in graph.nodes.enumerated() {
            for input in node.inputs { consumers[input.index].append(index) }
        }
        var isOutput = [Bool](repeating: false, count: graph.nodes.count)
        for output in graph.outputs { isOutput[output.value.index] = true }
        byNode = consumers
        self.isOutput = isOutput
    }

    /// The only consumer of a node's value; nil where there are several or none, or where the value is an output.
    ///
    /// A node and its only consumer can be fused, since nothing else needs the value between them.
    public func onlyConsumer(of node: Int) -> Int? {
        byNode[node].count == 1 && !isOutput[node] ? byNode[node][0] : nil
    }
}

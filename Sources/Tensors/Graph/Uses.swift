/// Who reads what: a reading of a ``Graph`` that folding, fusing and planning share.
public struct Uses: Sendable {
    /// For each node, the nodes that read its value, in order; one that reads it twice stands
    /// twice.
    public let readers: [[Int]]
    /// For each node, whether it is a result that the outside may ask for.
    public let isOutput: [Bool]

    /// Reads a graph.
    public init(_ graph: Graph) {
        var readers = [[Int]](repeating: [], count: graph.nodes.count)
        for (index, node) in graph.nodes.enumerated() {
            for input in node.inputs { readers[input.index].append(index) }
        }
        var isOutput = [Bool](repeating: false, count: graph.nodes.count)
        for output in graph.outputs { isOutput[output.value.index] = true }
        self.readers = readers
        self.isOutput = isOutput
    }

    /// The only reader of a node's value; nil when there are several or none, or when the outside
    /// reads it.
    ///
    /// A node and its only reader can become one step, since nobody would miss the value between
    /// them.
    public func onlyReader(of node: Int) -> Int? {
        readers[node].count == 1 && !isOutput[node] ? readers[node][0] : nil
    }
}

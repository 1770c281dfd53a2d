/// A 1×1 convolution or dense layer with the nodes that are fused into its epilogue.
struct FusedGEMM: Hashable, Sendable {
    /// The convolution or dense layer.
    let node: Int
    /// The last fused node, whose value is stored.
    private(set) var result: Int
    /// The operations at the store.
    private(set) var epilogue = Epilogue<Graph.Value>()
    /// The fused nodes after the first.
    private(set) var absorbed: [Int] = []

    /// Fuses the consumers that follow a GEMM, as long as no other node reads the values in between.
    ///
    /// Stops at a node that `isTaken` by an earlier GEMM: of two GEMMs that are multiplied, the later one becomes the
    /// scale of the earlier one.
    init(at node: Int, in graph: Graph, _ consumers: Consumers, isTaken: (Int) -> Bool) {
        self.node = node
        result = node
        while let next = consumers.onlyConsumer(of: result), !isTaken(next),
            absorb(next, graph, consumers)
        {
            absorbed.append(next)
            result = next
        }
    }

    /// True when one GEMM can compute both: they read the same value, and their epilogues contain only equal
    /// activations.
    func isSibling(of other: FusedGEMM, in graph: Graph) -> Bool {
        graph.nodes[node].inputs == graph.nodes[other.node].inputs
            && epilogue.activation == other.epilogue.activation
            && epilogue.operands.isEmpty && other.epilogue.operands.isEmpty
    }

    private mutating func absorb(_ next: Int, _ graph: Graph, _ consumers: Consumers) -> Bool {
        let isLinear = epilogue.activation == .none && epilogue.scale == nil
        switch graph.nodes[next].operation {
        case .relu where isLinear:
            epilogue.activation = .relu
        case .sigmoid where isLinear:
            epilogue.activation = .sigmoid
        case .multiply where epilogue.scale == nil:
            epilogue.scale = graph.nodes[next].inputs.first { $0.index != result }
            return epilogue.scale != nil
        case .add where isLinear && epilogue.operands.isEmpty:
            return absorbSum(next, graph, consumers)
        default:
            return false
        }
        return true
    }

    /// Fuses a sum with at most one other map and at most one map of a single pixel.
    private mutating func absorbSum(_ next: Int, _ graph: Graph, _ consumers: Consumers) -> Bool {
        let sum = graph.nodes[next]
        let others = sum.inputs.filter { $0.index != result }
        let maps = others.filter { graph.shape($0) == sum.shape }
        let pixels = others.filter { graph.shape($0) != sum.shape }
        // The first GEMM among a sum's inputs absorbs it; the others are its residuals.
        let isFirst = sum.inputs.first { graph.nodes[$0.index].isGEMM }?.index == node
        guard isFirst, graph.nodes[result].shape == sum.shape, others.count == sum.inputs.count - 1,
            maps.count <= 1, pixels.count <= 1
        else { return false }
        epilogue.broadcastBias = pixels.first
        if let map = maps.first { setResidual(map, graph, consumers) }
        return true
    }

    private mutating func setResidual(_ map: Graph.Value, _ graph: Graph, _ consumers: Consumers) {
        let node = graph[map]
        guard case .upsample = node.operation, consumers.onlyConsumer(of: map.index) != nil else {
            epilogue.residual = map
            return
        }
        epilogue.residual = node.inputs[0]
        epilogue.isResidualUpsampled = true
        absorbed.append(map.index)
    }
}

extension Graph.Node {
    /// True for a 1×1 convolution over all channels and for a dense layer.
    var isGEMM: Bool {
        switch operation {
        case .convolution(let convolution): convolution.isPointwise
        case .dense: true
        default: false
        }
    }
}

extension Convolution {
    var isPointwise: Bool { kernel == 1 && stride == 1 && padding == 0 && groups == 1 }
}

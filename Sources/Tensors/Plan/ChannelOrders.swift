/// Channel orders in which values of a graph are stored for the benefit of a later consumer.
///
/// RoI pooling wants the channels of a bin adjacent. A GEMM can store its channels in any order at no cost; the
/// operands of its epilogue must then have the same order.
struct ChannelOrders {
    /// For a node, the channel at each position.
    private var orders: [Int: [Int]] = [:]

    /// No orders.
    init() {}

    /// Derives the orders of a graph.
    ///
    /// - Parameters:
    ///   - graph: The graph.
    ///   - fusion: Its fused nodes.
    ///   - outputs: The orders that later graphs want, by name.
    init(_ graph: Graph, _ fusion: PlanFusion, outputs: [String: [Int]]) {
        for output in graph.outputs { orders[output.value.index] = outputs[output.name] }
        for index in graph.nodes.indices {
            guard case .regionPool(let pooling) = graph.nodes[index].operation else { continue }
            orders[index] = pooling.storedOrder
            orders[graph.nodes[index].inputs[0].index] = pooling.storedOrder
        }
        for index in graph.nodes.indices.reversed() {
            guard let order = orders[index], let gemms = fusion.gemms[index] else { continue }
            for value in gemms.flatMap(\.epilogue.operands) { orders[value.index] = order }
        }
    }

    /// The channel at each position of a node's value; nil where channels keep their order.
    subscript(node: Int) -> [Int]? { orders[node] }

    /// The orders that graphs want for the outputs of other graphs, by name.
    static func wanted(by networks: [FoldedNetwork]) -> [String: [Int]] {
        var orders: [String: [Int]] = [:]
        for graph in networks.map(\.graph) {
            for node in graph.nodes {
                guard case .regionPool(let pooling) = node.operation,
                    case .input = graph[node.inputs[0]].operation
                else { continue }
                orders[graph[node.inputs[0]].name] = pooling.storedOrder
            }
        }
        return orders
    }
}

extension RegionPool {
    /// Channel order with bins outermost and the channels of each bin adjacent.
    var storedOrder: [Int] {
        let area = bins * bins
        return (0..<area * depth).map { $0 % depth * area + $0 / depth }
    }
}

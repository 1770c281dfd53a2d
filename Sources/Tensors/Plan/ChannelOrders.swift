/// The orders in which some values of a graph want their channels stored, for the sake of a later reader.
///
/// A pooling of regions wants the channels of a bin side by side. Products can store their channels in any order
/// at no cost, and what they add or multiply at the store must then have the same.
struct ChannelOrders {
    /// For a node the channel that stands at each position.
    private var orders: [Int: [Int]] = [:]

    /// No orders.
    init() {}

    /// Reads a graph.
    ///
    /// - Parameters:
    ///   - graph: The graph.
    ///   - fusion: Its steps.
    ///   - outputs: The orders that later graphs want, by name.
    init(_ graph: Graph, _ fusion: PlanFusion, outputs: [String: [Int]]) {
        for output in graph.outputs { orders[output.value.index] = outputs[output.name] }
        for index in graph.nodes.indices {
            guard case .regionPool(let pooling) = graph.nodes[index].operation else { continue }
            orders[index] = pooling.storedOrder
            orders[graph.nodes[index].inputs[0].index] = pooling.storedOrder
        }
        for index in graph.nodes.indices.reversed() {
            guard let order = orders[index], let chains = fusion.products[index] else { continue }
            for chain in chains {
                for value in [chain.addend?.value, chain.spread, chain.factor].compactMap(\.self) {
                    orders[value.index] = order
                }
            }
        }
    }

    /// What stands at each position of a node's value; nil where channels keep their order.
    subscript(node: Int) -> [Int]? { orders[node] }

    /// The orders that graphs want of what they take from others, by name.
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
    /// Bin after bin, the channels of each side by side.
    var storedOrder: [Int] {
        let area = bins * bins
        return (0..<area * depth).map { $0 % depth * area + $0 / depth }
    }
}

/// Which nodes of a graph become one step: a reading that the lowering follows.
struct PlanFusion {
    /// A convolution with a window of its own, and what is stored with it.
    struct WindowChain {
        /// The convolution.
        let node: Int
        var activation = Activation.none
        /// The pooling that takes the place of the map.
        var pooling: Int?
        /// The node whose value is stored.
        var result: Int
        /// The nodes after the first that need no step of their own.
        var absorbed: [Int] = []
    }

    /// Products by the node whose value they store; those that read the same value and store alike are one
    /// step, at the first of them.
    private(set) var products: [Int: [PlanChain]] = [:]
    /// Other convolutions by their own node.
    private(set) var windows: [Int: WindowChain] = [:]
    /// Whether a node needs no step of its own.
    private(set) var isAbsorbed: [Bool]

    init(_ graph: Graph, _ uses: Uses) {
        isAbsorbed = Array(repeating: false, count: graph.nodes.count)
        for index in graph.nodes.indices {
            if graph.nodes[index].isProduct {
                let chain = PlanChain(at: index, in: graph, uses) { reader in
                    products[reader] != nil || isAbsorbed[reader]
                }
                add(chain, graph)
            } else if case .convolution(let convolution) = graph.nodes[index].operation {
                add(Self.window(index, convolution, graph, uses))
            }
        }
    }

    private mutating func add(_ chain: PlanChain, _ graph: Graph) {
        isAbsorbed[chain.node] = true
        for node in chain.absorbed { isAbsorbed[node] = true }
        if let sibling = products.first(where: { $0.value[0].isSibling(of: chain, in: graph) })?.key
        {
            isAbsorbed[chain.result] = true
            products[sibling]?.append(chain)
        } else {
            isAbsorbed[chain.result] = false
            products[chain.result] = [chain]
        }
    }

    private mutating func add(_ chain: WindowChain) {
        windows[chain.node] = chain
        for node in chain.absorbed { isAbsorbed[node] = true }
    }

    /// Takes in a rectification, and after a full convolution a max pooling, if nobody else reads between.
    private static func window(
        _ index: Int, _ convolution: Convolution, _ graph: Graph, _ uses: Uses
    ) -> WindowChain {
        var chain = WindowChain(node: index, result: index)
        if let reader = uses.onlyReader(of: index), case .relu = graph.nodes[reader].operation {
            chain.activation = .relu
            chain.result = reader
            chain.absorbed.append(reader)
        }
        if convolution.groups == 1, let reader = uses.onlyReader(of: chain.result),
            case .maxPool = graph.nodes[reader].operation
        {
            chain.pooling = reader
            chain.result = reader
            chain.absorbed.append(reader)
        }
        return chain
    }
}

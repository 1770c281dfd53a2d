/// The fuse pass: groups nodes of a graph that one kernel call computes.
struct PlanFusion {
    /// A convolution with a window, and the nodes fused into its store.
    struct FusedConvolution {
        /// The convolution.
        let node: Int
        var activation = Activation.none
        /// A max pooling whose result is stored instead of the map.
        var pooling: Int?
        /// The node whose value is stored.
        var result: Int
        /// The fused nodes after the first.
        var absorbed: [Int] = []
    }

    /// GEMMs by the node whose value they store.
    ///
    /// GEMMs that read the same value and have equal epilogues are one step, listed under the first.
    private(set) var gemms: [Int: [FusedGEMM]] = [:]
    /// Other convolutions by their own node.
    private(set) var convolutions: [Int: FusedConvolution] = [:]
    /// For each node, true when it is fused into the step of another.
    private(set) var isAbsorbed: [Bool]

    init(_ graph: Graph, _ consumers: Consumers) {
        isAbsorbed = Array(repeating: false, count: graph.nodes.count)
        for index in graph.nodes.indices {
            if graph.nodes[index].isGEMM {
                let gemm = FusedGEMM(at: index, in: graph, consumers) { consumer in
                    gemms[consumer] != nil || isAbsorbed[consumer]
                }
                add(gemm, graph)
            } else if case .convolution(let convolution) = graph.nodes[index].operation {
                add(Self.fuse(index, convolution, graph, consumers))
            }
        }
    }

    private mutating func add(_ gemm: FusedGEMM, _ graph: Graph) {
        isAbsorbed[gemm.node] = true
        for node in gemm.absorbed { isAbsorbed[node] = true }
        if let sibling = gemms.first(where: { $0.value[0].isSibling(of: gemm, in: graph) })?.key {
            isAbsorbed[gemm.result] = true
            gemms[sibling]?.append(gemm)
        } else {
            isAbsorbed[gemm.result] = false
            gemms[gemm.result] = [gemm]
        }
    }

    private mutating func add(_ convolution: FusedConvolution) {
        convolutions[convolution.node] = convolution
        for node in convolution.absorbed { isAbsorbed[node] = true }
    }

    /// Fuses a ReLU, and after a full convolution a max pooling, unless another node reads the value in between.
    private static func fuse(
        _ index: Int, _ convolution: Convolution, _ graph: Graph, _ consumers: Consumers
    ) -> FusedConvolution {
        var fused = FusedConvolution(node: index, result: index)
        if let next = consumers.onlyConsumer(of: index), case .relu = graph.nodes[next].operation {
            fused.activation = .relu
            fused.result = next
            fused.absorbed.append(next)
        }
        if convolution.groups == 1, let next = consumers.onlyConsumer(of: fused.result),
            case .maxPool = graph.nodes[next].operation
        {
            fused.pooling = next
            fused.result = next
            fused.absorbed.append(next)
        }
        return fused
    }
}

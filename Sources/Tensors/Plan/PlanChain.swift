/// What can be computed where a layer stores its result.
enum Activation: Hashable, Sendable {
    /// Nothing.
    case none
    /// max(x, 0).
    case relu
    /// 1 / (1 + e^−x).
    case sigmoid
}

/// A product of pixels and weights with everything that its store can do besides.
///
/// The value that is stored is activation(product + bias + spread + addend) · factor.
struct PlanChain: Hashable, Sendable {
    /// A map added before the activation.
    struct Addend: Hashable, Sendable {
        /// The map.
        var value: Graph.Value
        /// Whether it is first brought to the plane by nearest neighbour.
        var isUpsampled: Bool
    }

    /// The convolution or dense layer.
    let node: Int
    /// The last node taken in, whose value is stored.
    private(set) var result: Int
    private(set) var activation = Activation.none
    private(set) var addend: Addend?
    /// A map of one pixel, added to all.
    private(set) var spread: Graph.Value?
    private(set) var factor: Graph.Value?
    /// The nodes after the first that need no step of their own.
    private(set) var absorbed: [Int] = []

    /// Takes in the readers that follow a product as long as nobody else reads what lies between, up to one that
    /// `isTaken` by an earlier product: of two that are multiplied, the later is the earlier one's factor.
    init(at node: Int, in graph: Graph, _ uses: Uses, isTaken: (Int) -> Bool) {
        self.node = node
        result = node
        while let reader = uses.onlyReader(of: result), !isTaken(reader),
            absorb(reader, graph, uses)
        {
            absorbed.append(reader)
            result = reader
        }
    }

    /// Whether both read the same value, do the same with it, and nothing besides: one product can do for both.
    func isSibling(of other: PlanChain, in graph: Graph) -> Bool {
        graph.nodes[node].inputs == graph.nodes[other.node].inputs
            && activation == other.activation && isPlain && other.isPlain
    }

    private var isPlain: Bool { addend == nil && spread == nil && factor == nil }

    private mutating func absorb(_ reader: Int, _ graph: Graph, _ uses: Uses) -> Bool {
        switch graph.nodes[reader].operation {
        case .relu where activation == .none && factor == nil:
            activation = .relu
        case .sigmoid where activation == .none && factor == nil:
            activation = .sigmoid
        case .multiply where factor == nil:
            factor = graph.nodes[reader].inputs.first { $0.index != result }
            return factor != nil
        case .add where activation == .none && factor == nil && addend == nil && spread == nil:
            return absorbSum(reader, graph, uses)
        default:
            return false
        }
        return true
    }

    /// Takes in a sum of this product, at most one map and at most one pixel.
    private mutating func absorbSum(_ reader: Int, _ graph: Graph, _ uses: Uses) -> Bool {
        let sum = graph.nodes[reader]
        let others = sum.inputs.filter { $0.index != result }
        let maps = others.filter { graph.shape($0) == sum.shape }
        let pixels = others.filter { graph.shape($0) != sum.shape }
        // The first product among a sum's inputs takes it; the others are its addends.
        let isFirst = sum.inputs.first { graph.nodes[$0.index].isProduct }?.index == node
        guard isFirst, graph.nodes[result].shape == sum.shape, others.count == sum.inputs.count - 1,
            maps.count <= 1, pixels.count <= 1
        else { return false }
        spread = pixels.first
        if let map = maps.first { takeAddend(map, graph, uses) }
        return true
    }

    private mutating func takeAddend(_ map: Graph.Value, _ graph: Graph, _ uses: Uses) {
        let node = graph[map]
        guard case .upsample = node.operation, uses.onlyReader(of: map.index) != nil else {
            addend = Addend(value: map, isUpsampled: false)
            return
        }
        addend = Addend(value: node.inputs[0], isUpsampled: true)
        absorbed.append(map.index)
    }
}

extension Graph.Node {
    /// Whether the node is a 1×1 convolution over all channels or a dense layer.
    var isProduct: Bool {
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

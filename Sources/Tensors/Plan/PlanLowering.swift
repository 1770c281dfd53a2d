/// Networks turned into a list of kernels and the slabs between them.
///
/// For each value it is known where each of its channels stands. Slices, concatenations and shuffles
/// therefore cost nothing: they only rearrange that knowledge, and whoever reads the value reads the
/// ranges that it is made of.
struct PlanLowering {
    /// A map that the outside writes or reads.
    struct Port: Sendable {
        let name: String
        let slab: Int
        /// Where its numbers stand in the slab.
        let layout: MapLayout
    }

    let kernels: Kernels
    let precisions: PrecisionMap
    private(set) var slabs: [Slab] = []
    private(set) var layers: [PlanLayer] = []
    /// The layers of each network.
    private(set) var stages: [Range<Int>] = []
    private(set) var inputs: [Port] = []
    private(set) var outputs: [Port] = []
    /// The network that is being lowered, and where the channels of its values stand.
    private(set) var graph = Graph()
    private(set) var weights: Weights?
    private(set) var uses: Uses
    private(set) var orders = ChannelOrders()
    private let wanted: [String: [Int]]
    private var places: [[ChannelPlace]] = []

    /// Lowers networks one after another; an input that is named like an earlier output is that output.
    init(
        _ networks: [FoldedNetwork], _ kernels: Kernels, _ precisions: PrecisionMap
    ) throws(PlanError) {
        self.kernels = kernels
        self.precisions = precisions
        uses = Uses(graph)
        wanted = ChannelOrders.wanted(by: networks)
        for network in networks { try lower(network) }
        pinPorts()
    }

    private mutating func lower(_ network: FoldedNetwork) throws(PlanError) {
        let first = layers.count
        graph = network.graph
        weights = network.weights
        uses = Uses(graph)
        places = Array(repeating: [], count: graph.nodes.count)
        let fusion = PlanFusion(graph, uses)
        orders = ChannelOrders(graph, fusion, outputs: wanted)
        for index in graph.nodes.indices where !fusion.isAbsorbed[index] {
            if let chains = fusion.products[index] {
                try lower(chains)
            } else {
                try lower(index, fusion)
            }
        }
        for output in graph.outputs {
            let order = orders[output.value.index]
            let place = plainPlace(of: output.value, order: order)
            let channels = graph.shape(output.value).channels
            let layout = slabs[place.slab].layout.channels(
                place.channel..<place.channel + channels, order: order)
            outputs.append(Port(name: output.name, slab: place.slab, layout: layout))
        }
        stages.append(first..<layers.count)
    }

    /// Lowers a node that is no product.
    private mutating func lower(_ index: Int, _ fusion: PlanFusion) throws(PlanError) {
        let node = graph.nodes[index]
        switch node.operation {
        case .input: try lowerInput(index)
        case .slice(let range): places[index] = Array(places(node.inputs[0])[range])
        case .concatenation: places[index] = node.inputs.flatMap { places($0) }
        case .shuffle(let groups):
            places[index] = places(node.inputs[0]).shuffled(groups: groups)
        case .maxPool(let window): lowerMaxPool(index, window)
        case .globalAverage: lowerAverage(index)
        case .upsample: lowerUpsample(index)
        case .regionPool(let pooling): lowerRegionPool(index, pooling)
        case .convolution(let convolution): try lowerWindow(index, convolution, fusion)
        default: throw unsupported(index, "there is no kernel for it on its own")
        }
    }

    /// Floats in a vector.
    var width: Int { kernels.width }

    /// Where the channels of a value stand.
    func places(_ value: Graph.Value) -> [ChannelPlace] { places[value.index] }

    func unsupported(_ index: Int, _ reason: String) -> PlanError {
        .unsupported(layer: graph.nodes[index].name, reason: reason)
    }

    /// The weights of the network that is being lowered.
    func tensor(_ name: String) -> Tensor? { weights?.find(name) }
}

/// Slabs and layers.
extension PlanLowering {
    /// Adds a layer that writes a new slab of `stride` floats a pixel, and says where its channels stand.
    ///
    /// `results` are the nodes whose values are stored, one beside the other; `order` says for each channel
    /// position of the slab which channel of the value stands there, nil that they keep their order.
    mutating func append(
        _ kind: PlanLayer.Kind, results: [Int], stride: Int, units: Int, multiplyAdds: Int = 0,
        work: Int? = nil, order: [Int]? = nil
    ) {
        var shape = graph.nodes[results[0]].shape
        shape.channels = results.reduce(0) { $0 + graph.nodes[$1].shape.channels }
        let slab = makeSlab(.padded(shape, pixelStride: stride), lifetime: layers.count)
        layers.append(
            PlanLayer(
                name: results.map { graph.nodes[$0].name }.joined(separator: "+"), kind: kind,
                output: slab, units: units, multiplyAdds: multiplyAdds, work: work ?? multiplyAdds))
        for input in layers[layers.count - 1].inputs { touch(input) }
        var first = 0
        for result in results {
            let channels = graph.nodes[result].shape.channels
            place(result, in: slab, first: first, order: order ?? Array(0..<channels))
            first += channels
        }
    }

    /// Where the channels of a value stand side by side in their order, or in another.
    ///
    /// Gathers them first where they do not.
    mutating func plainPlace(of value: Graph.Value, order: [Int]? = nil) -> ChannelPlace {
        let shape = graph.shape(value)
        let places = places(value)
        let reading = ChannelReading(keeping: order.map { $0.map { places[$0] } } ?? places)
        if reading.ranges.count == 1 {
            return ChannelPlace(slab: reading.ranges[0].slab, channel: reading.ranges[0].first)
        }
        append(
            .gather(reading, index: nil), results: [value.index],
            stride: shape.channels.roundedUp(to: width), units: shape.area, work: shape.count,
            order: order)
        return ChannelPlace(slab: slabs.count - 1, channel: 0)
    }

    private mutating func makeSlab(_ layout: MapLayout, lifetime: Int) -> Int {
        let rows = layout.origin / max(layout.rowStride, 1) * 2 + layout.shape.height
        // Slack for the last vector, and for the pooling of regions, which reads eight at least.
        let floats = rows * layout.rowStride + max(width, 8)
        slabs.append(Slab(layout: layout, floats: floats, lifetime: lifetime...lifetime))
        return slabs.count - 1
    }

    /// The newest layer reads a slab.
    private mutating func touch(_ slab: Int) {
        let life = slabs[slab].lifetime
        slabs[slab].lifetime = life.lowerBound...max(life.upperBound, layers.count - 1)
    }

    private mutating func place(_ node: Int, in slab: Int, first: Int = 0, order: [Int]) {
        var result = Array(repeating: ChannelPlace(slab: slab, channel: 0), count: order.count)
        for (position, channel) in order.enumerated() {
            result[channel].channel = first + position
        }
        places[node] = result
    }

    /// What the outside writes or reads keeps its memory from run to run.
    private mutating func pinPorts() {
        let whole = 0...max(layers.count - 1, 0)
        for port in inputs + outputs { slabs[port.slab].lifetime = whole }
    }

    private mutating func lowerInput(_ index: Int) throws(PlanError) {
        let node = graph.nodes[index]
        if let output = outputs.first(where: { $0.name == node.name }) {
            guard output.layout.shape == node.shape else {
                throw unsupported(index, "the output of that name has another shape")
            }
            place(
                index, in: output.slab, first: output.layout.origin,
                order: output.layout.order)
            return
        }
        let layout: MapLayout =
            if let border = imageBorder(index) {
                .bordered(node.shape, border: border)
            } else {
                .padded(node.shape, pixelStride: node.shape.channels.roundedUp(to: width))
            }
        let slab = makeSlab(layout, lifetime: layers.count)
        inputs.append(Port(name: node.name, slab: slab, layout: layout))
        place(index, in: slab, order: Array(0..<node.shape.channels))
    }

    /// The zeros around an input that only a full convolution reads; nil for other inputs.
    private func imageBorder(_ index: Int) -> Int? {
        guard let reader = uses.onlyReader(of: index),
            case .convolution(let convolution) = graph.nodes[reader].operation,
            convolution.groups == 1, convolution.kernel > 1
        else { return nil }
        return convolution.padding
    }
}

extension [ChannelPlace] {
    /// ShuffleNet's channel shuffle (``Operation/shuffle(groups:)``).
    fileprivate func shuffled(groups: Int) -> [ChannelPlace] {
        let perGroup = count / groups
        return indices.map { self[$0 % groups * perGroup + $0 / groups] }
    }
}

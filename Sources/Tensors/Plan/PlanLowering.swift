/// The lower pass: turns fused networks into a list of layers and the activation buffers between them.
///
/// The pass tracks the location of each channel of each value. Slices, concatenations and shuffles therefore cost
/// nothing: they rearrange locations, and consumers read the ranges that a value consists of.
struct PlanLowering {
    /// An input or output map.
    struct Port: Sendable {
        let name: String
        let buffer: Int
        /// Layout of the map in the buffer.
        let layout: MapLayout
    }

    let kernels: Kernels
    let precisions: PrecisionMap
    private(set) var buffers: [ActivationBuffer] = []
    private(set) var layers: [PlanLayer] = []
    /// The layers of each network.
    private(set) var networkSteps: [Range<Int>] = []
    private(set) var inputs: [Port] = []
    private(set) var outputs: [Port] = []
    /// The network being lowered.
    private(set) var graph = Graph()
    private(set) var weights: Weights?
    private(set) var consumers: Consumers
    private(set) var orders = ChannelOrders()
    private let wanted: [String: [Int]]
    /// The channel locations of each node's value.
    private var locations: [[ChannelLocation]] = []

    /// Lowers networks one after another.
    ///
    /// An input with the name of an earlier output is that output.
    init(
        _ networks: [FoldedNetwork], _ kernels: Kernels, _ precisions: PrecisionMap
    ) throws(PlanError) {
        self.kernels = kernels
        self.precisions = precisions
        consumers = Consumers(graph)
        wanted = ChannelOrders.wanted(by: networks)
        for network in networks { try lower(network) }
        pinPorts()
    }

    private mutating func lower(_ network: FoldedNetwork) throws(PlanError) {
        let first = layers.count
        graph = network.graph
        weights = network.weights
        consumers = Consumers(graph)
        locations = Array(repeating: [], count: graph.nodes.count)
        let fusion = PlanFusion(graph, consumers)
        orders = ChannelOrders(graph, fusion, outputs: wanted)
        for index in graph.nodes.indices where !fusion.isAbsorbed[index] {
            if let gemms = fusion.gemms[index] {
                try lower(gemms)
            } else {
                try lower(index, fusion)
            }
        }
        for output in graph.outputs {
            let order = orders[output.value.index]
            let location = contiguousLocation(of: output.value, order: order)
            let channels = graph.shape(output.value).channels
            let layout = buffers[location.buffer].layout.channels(
                location.channel..<location.channel + channels, order: order)
            outputs.append(Port(name: output.name, buffer: location.buffer, layout: layout))
        }
        networkSteps.append(first..<layers.count)
    }

    /// Lowers a node other than a GEMM.
    private mutating func lower(_ index: Int, _ fusion: PlanFusion) throws(PlanError) {
        let node = graph.nodes[index]
        switch node.operation {
        case .input: try lowerInput(index)
        case .slice(let range): locations[index] = Array(locations(node.inputs[0])[range])
        case .concatenation: locations[index] = node.inputs.flatMap { locations($0) }
        case .shuffle(let groups):
            locations[index] = locations(node.inputs[0]).shuffled(groups: groups)
        case .maxPool(let window): lowerMaxPool(index, window)
        case .globalAverage: lowerAverage(index)
        case .upsample: lowerUpsample(index)
        case .regionPool(let pooling): lowerRegionPool(index, pooling)
        case .convolution(let convolution): try lowerWindow(index, convolution, fusion)
        default: throw unsupported(index, "no kernel computes it alone")
        }
    }

    /// Floats in a vector.
    var width: Int { kernels.width }

    /// The locations of a value's channels.
    func locations(_ value: Graph.Value) -> [ChannelLocation] { locations[value.index] }

    func unsupported(_ index: Int, _ reason: String) -> PlanError {
        .unsupported(layer: graph.nodes[index].name, reason: reason)
    }

    /// A tensor of the network being lowered.
    func tensor(_ name: String) -> Tensor? { weights?.find(name) }
}

/// Buffers and layers.
extension PlanLowering {
    /// Adds a layer that writes a new buffer, and records the locations of its channels.
    ///
    /// - Parameters:
    ///   - kind: The kernel with its parameters.
    ///   - results: The nodes whose values are stored next to each other.
    ///   - stride: Floats per pixel.
    ///   - units: Units into which the work can be split.
    ///   - multiplyAdds: Multiply-adds by the papers' count.
    ///   - work: Values read or multiplied; nil for the multiply-adds.
    ///   - order: The channel at each position of the buffer; nil keeps their order.
    mutating func append(
        _ kind: PlanLayer.Kind, results: [Int], stride: Int, units: Int, multiplyAdds: Int = 0,
        work: Int? = nil, order: [Int]? = nil
    ) {
        var shape = graph.nodes[results[0]].shape
        shape.channels = results.reduce(0) { $0 + graph.nodes[$1].shape.channels }
        let buffer = makeBuffer(.padded(shape, pixelStride: stride), lifetime: layers.count)
        layers.append(
            PlanLayer(
                name: results.map { graph.nodes[$0].name }.joined(separator: "+"), kind: kind,
                output: buffer, units: units, multiplyAdds: multiplyAdds, work: work ?? multiplyAdds
            ))
        for input in layers[layers.count - 1].inputs { touch(input) }
        var first = 0
        for result in results {
            let channels = graph.nodes[result].shape.channels
            setLocations(of: result, in: buffer, first: first, order: order ?? Array(0..<channels))
            first += channels
        }
    }

    /// The location of a value whose channels are adjacent in their order, or in `order`.
    ///
    /// Appends a gather where they are not.
    mutating func contiguousLocation(of value: Graph.Value, order: [Int]? = nil) -> ChannelLocation
    {
        let shape = graph.shape(value)
        let locations = locations(value)
        let gather = ChannelGather(keeping: order.map { $0.map { locations[$0] } } ?? locations)
        if gather.ranges.count == 1 {
            return ChannelLocation(buffer: gather.ranges[0].buffer, channel: gather.ranges[0].first)
        }
        append(
            .gather(gather, index: nil), results: [value.index],
            stride: shape.channels.roundedUp(to: width), units: shape.area, work: shape.count,
            order: order)
        return ChannelLocation(buffer: buffers.count - 1, channel: 0)
    }

    private mutating func makeBuffer(_ layout: MapLayout, lifetime: Int) -> Int {
        let rows = layout.origin / max(layout.rowStride, 1) * 2 + layout.shape.height
        // Slack for the last vector, and for RoI pooling, which reads at least eight floats.
        let floats = rows * layout.rowStride + max(width, 8)
        buffers.append(
            ActivationBuffer(layout: layout, floats: floats, lifetime: lifetime...lifetime))
        return buffers.count - 1
    }

    /// Extends the lifetime of a buffer to the newest layer.
    private mutating func touch(_ buffer: Int) {
        let life = buffers[buffer].lifetime
        buffers[buffer].lifetime = life.lowerBound...max(life.upperBound, layers.count - 1)
    }

    private mutating func setLocations(of node: Int, in buffer: Int, first: Int = 0, order: [Int]) {
        var result = Array(
            repeating: ChannelLocation(buffer: buffer, channel: 0), count: order.count)
        for (position, channel) in order.enumerated() {
            result[channel].channel = first + position
        }
        locations[node] = result
    }

    /// Keeps inputs and outputs in memory from run to run.
    private mutating func pinPorts() {
        let whole = 0...max(layers.count - 1, 0)
        for port in inputs + outputs { buffers[port.buffer].lifetime = whole }
    }

    private mutating func lowerInput(_ index: Int) throws(PlanError) {
        let node = graph.nodes[index]
        if let output = outputs.first(where: { $0.name == node.name }) {
            guard output.layout.shape == node.shape else {
                throw unsupported(index, "the output of that name has another shape")
            }
            setLocations(
                of: index, in: output.buffer, first: output.layout.origin,
                order: output.layout.order)
            return
        }
        let layout: MapLayout =
            if let border = imageBorder(index) {
                .bordered(node.shape, border: border)
            } else {
                .padded(node.shape, pixelStride: node.shape.channels.roundedUp(to: width))
            }
        let buffer = makeBuffer(layout, lifetime: layers.count)
        inputs.append(Port(name: node.name, buffer: buffer, layout: layout))
        setLocations(of: index, in: buffer, order: Array(0..<node.shape.channels))
    }

    /// Width of the zero border around an input that only a full convolution reads; nil for other inputs.
    private func imageBorder(_ index: Int) -> Int? {
        guard let consumer = consumers.onlyConsumer(of: index),
            case .convolution(let convolution) = graph.nodes[consumer].operation,
            convolution.groups == 1, convolution.kernel > 1
        else { return nil }
        return convolution.padding
    }
}

extension [ChannelLocation] {
    /// ShuffleNet's channel shuffle (``Operation/shuffle(groups:)``).
    fileprivate func shuffled(groups: Int) -> [ChannelLocation] {
        let perGroup = count / groups
        return indices.map { self[$0 % groups * perGroup + $0 / groups] }
    }
}

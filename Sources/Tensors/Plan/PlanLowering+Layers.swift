/// What each operation becomes.
extension PlanLowering {
    /// Products of one value with all that their store does besides.
    mutating func lower(_ chains: [PlanChain]) throws(PlanError) {
        let input = graph.nodes[chains[0].node].inputs[0]
        let inputs = graph.shape(input).channels
        let reading = ChannelReading(sorting: places(input))
        let order = chains.count == 1 ? orders[chains[0].result] : nil
        let (matrix, bias) = try operands(of: chains, inputs: inputs, order: order)
        let chain = chains[0]
        let name = graph.nodes[chain.node].name
        let product = PackedProduct(
            matrix, stride: inputs, columns: reading.order, bias: bias, kernels: kernels,
            precision: precisions[name])
        var layer = PointwiseLayer(
            name: name, reading: reading, product: product, activation: chain.activation)
        if let addend = chain.addend { layer.addend = lower(addend, for: chain.result, order) }
        if let spread = chain.spread { layer.spread = plainPlace(of: spread, order: order) }
        if let factor = chain.factor { layer.factor = plainPlace(of: factor, order: order) }
        let outputs = bias.count
        let area = graph.nodes[chain.result].shape.area
        append(
            .pointwise(layer), results: chains.map(\.result),
            stride: outputs.roundedUp(to: width), units: area,
            multiplyAdds: area * outputs * inputs, order: order)
    }

    /// The weights and biases of products that become one, the outputs of one after the other's; those of a
    /// single one in another order, if there is one.
    private func operands(
        of chains: [PlanChain], inputs: Int, order: [Int]?
    ) throws(PlanError) -> (matrix: Tensor, bias: Tensor) {
        var matrix: [Float] = []
        var bias: [Float] = []
        for chain in chains {
            let node = graph.nodes[chain.node]
            guard let weights = tensor("\(node.name).weight") else {
                throw unsupported(chain.node, "it has no weights")
            }
            matrix += weights.values
            bias +=
                tensor("\(node.name).bias")?.values
                ?? [Float](repeating: 0, count: node.shape.channels)
        }
        if let order {
            matrix = order.flatMap { matrix[$0 * inputs..<($0 + 1) * inputs] }
            bias = order.map { bias[$0] }
        }
        return (Tensor(dims: [bias.count, inputs], matrix), Tensor(dims: [bias.count], bias))
    }

    private mutating func lower(
        _ addend: PlanChain.Addend, for result: Int, _ order: [Int]?
    ) -> PointwiseLayer.Addend {
        let place = plainPlace(of: addend.value, order: order)
        let from = graph.shape(addend.value)
        let index = addend.isUpsampled ? from.nearest(for: graph.nodes[result].shape) : nil
        return PointwiseLayer.Addend(place: place, index: index)
    }

    /// A convolution with a window: of each channel by itself, or of an image.
    mutating func lowerWindow(
        _ index: Int, _ convolution: Convolution, _ fusion: PlanFusion
    ) throws(PlanError) {
        guard let chain = fusion.windows[index] else {
            throw unsupported(index, "it is no convolution with a window")
        }
        let input = graph.nodes[index].inputs[0]
        if convolution.groups == graph.shape(input).channels,
            convolution.outputs == convolution.groups
        {
            try lowerDepthwise(chain, convolution)
        } else if convolution.groups == 1, slabs[places(input)[0].slab].layout.origin > 0 {
            try lowerStem(chain, convolution)
        } else {
            throw unsupported(index, "there is no fast kernel for its groups and window")
        }
    }

    private mutating func lowerDepthwise(
        _ chain: PlanFusion.WindowChain, _ convolution: Convolution
    ) throws(PlanError) {
        let node = graph.nodes[chain.node]
        guard let weights = tensor("\(node.name).weight") else {
            throw unsupported(chain.node, "it has no weights")
        }
        let layer = DepthwiseLayer(
            ChannelReading(sorting: places(node.inputs[0])),
            WindowGeometry(
                input: graph.shape(node.inputs[0]), output: node.shape, window: convolution.window),
            weights: weights, bias: tensor("\(node.name).bias"), activation: chain.activation,
            width: width)
        append(
            .depthwise(layer), results: [chain.result], stride: layer.weightStride,
            units: node.shape.height,
            multiplyAdds: node.shape.count * convolution.kernel * convolution.kernel,
            order: layer.reading.order)
    }

    private mutating func lowerStem(
        _ chain: PlanFusion.WindowChain, _ convolution: Convolution
    ) throws(PlanError) {
        let node = graph.nodes[chain.node]
        guard let weights = tensor("\(node.name).weight") else {
            throw unsupported(chain.node, "it has no weights")
        }
        let input = graph.shape(node.inputs[0])
        // Rows of the product come in the order in which an interleaved image is met.
        let taps = convolution.kernel * convolution.kernel
        let columns = (0..<taps).flatMap { tap in
            (0..<input.channels).map { $0 * taps + tap }
        }
        let product = PackedProduct(
            weights, stride: input.channels * taps, columns: columns,
            bias: tensor("\(node.name).bias"), kernels: kernels, precision: precisions[node.name])
        let layer = StemLayer(
            name: node.name, image: places(node.inputs[0])[0].slab,
            window: WindowGeometry(input: input, output: node.shape, window: convolution.window),
            product: product, activation: chain.activation,
            pooling: chain.pooling.flatMap { geometry(ofPooling: $0) })
        append(
            .stem(layer), results: [chain.result], stride: node.shape.channels.roundedUp(to: width),
            units: graph.nodes[chain.result].shape.height,
            multiplyAdds: node.shape.count * input.channels * taps)
    }

    private func geometry(ofPooling index: Int) -> WindowGeometry? {
        let node = graph.nodes[index]
        guard case .maxPool(let window) = node.operation else { return nil }
        return WindowGeometry(
            input: graph.shape(node.inputs[0]), output: node.shape, window: window)
    }

    mutating func lowerMaxPool(_ index: Int, _ window: Window) {
        let node = graph.nodes[index]
        let reading = ChannelReading(sorting: places(node.inputs[0]))
        let geometry = WindowGeometry(
            input: graph.shape(node.inputs[0]), output: node.shape, window: window)
        append(
            .maxPool(reading, geometry), results: [index],
            stride: reading.paddedCount(width: width),
            units: node.shape.height, work: node.shape.count * window.kernel * window.kernel,
            order: reading.order)
    }

    mutating func lowerAverage(_ index: Int) {
        let input = graph.nodes[index].inputs[0]
        let reading = ChannelReading(sorting: places(input))
        append(
            .average(reading, pixels: graph.shape(input).area), results: [index],
            stride: reading.paddedCount(width: width), units: 1, order: reading.order)
    }

    mutating func lowerUpsample(_ index: Int) {
        let node = graph.nodes[index]
        let from = graph.shape(node.inputs[0])
        append(
            .gather(
                ChannelReading(keeping: places(node.inputs[0])),
                index: from.nearest(for: node.shape)),
            results: [index], stride: node.shape.channels.roundedUp(to: width),
            units: node.shape.area, work: node.shape.count)
    }

    mutating func lowerRegionPool(_ index: Int, _ pooling: RegionPool) {
        let node = graph.nodes[index]
        let order = pooling.storedOrder
        let layer = RegionPoolLayer(
            map: plainPlace(of: node.inputs[0], order: order),
            regions: plainPlace(of: node.inputs[1]), pooling: pooling)
        // Each row ends in the slack that whole-vector writes need.
        append(
            .regionPool(layer), results: [index],
            stride: (node.shape.channels + 7).roundedUp(to: width), units: node.shape.height,
            work: node.shape.count * pooling.samples * pooling.samples, order: order)
    }
}

extension Convolution {
    fileprivate var window: Window { Window(kernel: kernel, stride: stride, padding: padding) }
}

extension Shape {
    /// For each pixel of a larger plane the pixel of this one that nearest neighbour takes.
    fileprivate func nearest(for plane: Shape) -> [Int32] {
        (0..<plane.area).map { pixel in
            let row = pixel / plane.width * height / plane.height
            let column = pixel % plane.width * width / plane.width
            return Int32(row * width + column)
        }
    }
}

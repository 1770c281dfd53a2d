/// Lowering of each operation.
extension PlanLowering {
    /// Lowers GEMMs of one value that share a step.
    mutating func lower(_ gemms: [FusedGEMM]) throws(PlanError) {
        let gemm = gemms[0]
        let input = graph.nodes[gemm.node].inputs[0]
        let inputs = graph.shape(input).channels
        let gather = ChannelGather(sorting: locations(input))
        let order = gemms.count == 1 ? orders[gemm.result] : nil
        let (matrix, bias) = try operands(of: gemms, inputs: inputs, order: order)
        let name = graph.nodes[gemm.node].name
        let weights = PackedWeights(
            matrix, stride: inputs, columns: gather.order, bias: bias, kernels: kernels,
            precision: precisions[name])
        let epilogue = gemm.epilogue.map { contiguousLocation(of: $0, order: order) }
        let layer = PointwiseLayer(
            name: name, gather: gather, weights: weights, epilogue: epilogue,
            residualIndex: residualIndex(of: gemm))
        let outputs = bias.count
        let area = graph.nodes[gemm.result].shape.area
        append(
            .pointwise(layer), results: gemms.map(\.result),
            stride: outputs.roundedUp(to: width), units: area,
            multiplyAdds: area * outputs * inputs, order: order)
    }

    /// Weights `[outputs, inputs]` and biases of merged GEMMs, the outputs of one after the other's.
    ///
    /// Those of a single GEMM are permuted to `order`, if there is one.
    private func operands(
        of gemms: [FusedGEMM], inputs: Int, order: [Int]?
    ) throws(PlanError) -> (matrix: Tensor, bias: Tensor) {
        var matrix: [Float] = []
        var bias: [Float] = []
        for gemm in gemms {
            let node = graph.nodes[gemm.node]
            matrix += try weights(of: gemm.node).values
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

    /// Weights of a node.
    private func weights(of node: Int) throws(PlanError) -> Tensor {
        guard let weights = tensor("\(graph.nodes[node].name).weight") else {
            throw unsupported(node, "it has no weights")
        }
        return weights
    }

    /// The pixel of an upsampled residual for each pixel of the result; nil for other residuals.
    private func residualIndex(of gemm: FusedGEMM) -> [Int32]? {
        guard let residual = gemm.epilogue.residual, gemm.epilogue.isResidualUpsampled else {
            return nil
        }
        return graph.shape(residual).nearest(for: graph.nodes[gemm.result].shape)
    }

    /// Lowers a convolution with a window: depthwise, or of an image.
    mutating func lowerWindow(
        _ index: Int, _ convolution: Convolution, _ fusion: PlanFusion
    ) throws(PlanError) {
        guard let fused = fusion.convolutions[index] else {
            throw unsupported(index, "it is not a convolution with a window")
        }
        let input = graph.nodes[index].inputs[0]
        if convolution.groups == graph.shape(input).channels,
            convolution.outputs == convolution.groups
        {
            try lowerDepthwise(fused, convolution)
        } else if convolution.groups == 1, buffers[locations(input)[0].buffer].layout.origin > 0 {
            try lowerStem(fused, convolution)
        } else {
            throw unsupported(index, "no kernel supports its groups and window")
        }
    }

    private mutating func lowerDepthwise(
        _ fused: PlanFusion.FusedConvolution, _ convolution: Convolution
    ) throws(PlanError) {
        let node = graph.nodes[fused.node]
        let weights = try weights(of: fused.node)
        let layer = DepthwiseLayer(
            ChannelGather(sorting: locations(node.inputs[0])),
            WindowGeometry(
                input: graph.shape(node.inputs[0]), output: node.shape, window: convolution.window),
            weights: weights, bias: tensor("\(node.name).bias"), activation: fused.activation,
            width: width)
        append(
            .depthwise(layer), results: [fused.result], stride: layer.weightStride,
            units: node.shape.height,
            multiplyAdds: node.shape.count * convolution.kernel * convolution.kernel,
            order: layer.gather.order)
    }

    private mutating func lowerStem(
        _ fused: PlanFusion.FusedConvolution, _ convolution: Convolution
    ) throws(PlanError) {
        let node = graph.nodes[fused.node]
        let weights = try weights(of: fused.node)
        let input = graph.shape(node.inputs[0])
        // Rows of the GEMM's weights follow the order of an interleaved image.
        let taps = convolution.kernel * convolution.kernel
        let columns = (0..<taps).flatMap { tap in
            (0..<input.channels).map { $0 * taps + tap }
        }
        let packed = PackedWeights(
            weights, stride: input.channels * taps, columns: columns,
            bias: tensor("\(node.name).bias"), kernels: kernels, precision: precisions[node.name])
        let layer = StemLayer(
            name: node.name, image: locations(node.inputs[0])[0].buffer,
            window: WindowGeometry(input: input, output: node.shape, window: convolution.window),
            weights: packed, activation: fused.activation,
            pooling: fused.pooling.flatMap { geometry(ofPooling: $0) })
        append(
            .stem(layer), results: [fused.result], stride: node.shape.channels.roundedUp(to: width),
            units: graph.nodes[fused.result].shape.height,
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
        let gather = ChannelGather(sorting: locations(node.inputs[0]))
        let geometry = WindowGeometry(
            input: graph.shape(node.inputs[0]), output: node.shape, window: window)
        append(
            .maxPool(gather, geometry), results: [index],
            stride: gather.paddedCount(width: width),
            units: node.shape.height, work: node.shape.count * window.kernel * window.kernel,
            order: gather.order)
    }

    mutating func lowerAverage(_ index: Int) {
        let input = graph.nodes[index].inputs[0]
        let gather = ChannelGather(sorting: locations(input))
        append(
            .average(gather, pixels: graph.shape(input).area), results: [index],
            stride: gather.paddedCount(width: width), units: 1, order: gather.order)
    }

    mutating func lowerUpsample(_ index: Int) {
        let node = graph.nodes[index]
        let from = graph.shape(node.inputs[0])
        append(
            .gather(
                ChannelGather(keeping: locations(node.inputs[0])),
                index: from.nearest(for: node.shape)),
            results: [index], stride: node.shape.channels.roundedUp(to: width),
            units: node.shape.area, work: node.shape.count)
    }

    mutating func lowerRegionPool(_ index: Int, _ pooling: RegionPool) {
        let node = graph.nodes[index]
        let order = pooling.storedOrder
        let layer = RegionPoolLayer(
            map: contiguousLocation(of: node.inputs[0], order: order),
            regions: contiguousLocation(of: node.inputs[1]), pooling: pooling)
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
    /// For each pixel of a larger plane, the nearest-neighbour pixel of this one.
    fileprivate func nearest(for plane: Shape) -> [Int32] {
        (0..<plane.area).map { pixel in
            let row = pixel / plane.width * height / plane.height
            let column = pixel % plane.width * width / plane.width
            return Int32(row * width + column)
        }
    }
}

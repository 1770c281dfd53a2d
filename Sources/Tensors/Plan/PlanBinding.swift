import CKernels

/// The bind pass: turns lowered layers into descriptions that kernels read, with pointers into a plan's memory.
struct PlanBinding {
    let memory: PlanMemory
    let kernels: Kernels
    let buffers: [ActivationBuffer]
    /// Offsets of the buffers in the arena, in floats.
    let offsets: [Int]
    /// Parts of a step that may run at the same time.
    let parts: Int

    /// The step that computes a layer.
    func step(_ layer: PlanLayer) -> PlanStep {
        PlanStep(kernels: kernels, call: call(layer), parts: parts, units: layer.units)
    }

    private func call(_ layer: PlanLayer) -> PlanStep.Call {
        let output = unsafe pointer(layer.output)
        let stride = buffers[layer.output].layout.pixelStride
        switch layer.kind {
        case .pointwise(let pointwise):
            return unsafe .pointwise(
                bind(pointwise, output, stride), kernels.gemm(for: pointwise.weights))
        case .depthwise(let depthwise):
            return unsafe .depthwise(bind(depthwise, output, stride))
        case .maxPool(let gather, let geometry):
            return unsafe .maxPool(
                memory.keep(
                    one: ck_maxpool(
                        ranges: bind(gather), range_count: gather.ranges.count,
                        window: geometry.cValue, output: output, output_stride: stride)))
        case .stem(let stem):
            return unsafe bind(stem, output, stride)
        case .average(let gather, let pixels):
            return unsafe .average(
                memory.keep(
                    one: ck_average(
                        ranges: bind(gather), range_count: gather.ranges.count, pixels: pixels,
                        output: output)))
        case .gather(let gather, let index):
            return unsafe .gather(
                memory.keep(
                    one: ck_gather(
                        ranges: bind(gather), range_count: gather.ranges.count,
                        index: index.map { unsafe UnsafePointer(memory.keep($0)) },
                        output: output, output_stride: stride)))
        case .regionPool(let pooling):
            return unsafe .regionPool(bind(pooling, output, stride))
        }
    }

    /// The first float of a buffer.
    private func pointer(_ buffer: Int) -> UnsafeMutablePointer<Float> {
        // SAFETY: the arena has the size of the layout of the same buffers.
        unsafe memory.arena + offsets[buffer]
    }

    /// A channel of the first pixel.
    private func pointer(_ location: ChannelLocation) -> UnsafePointer<Float> {
        unsafe UnsafePointer(pointer(location.buffer) + location.channel)
    }

    private func pixelStride(of location: ChannelLocation?) -> Int {
        location.map { buffers[$0.buffer].layout.pixelStride } ?? 0
    }

    private func bind(_ gather: ChannelGather) -> UnsafePointer<ck_range> {
        unsafe UnsafePointer(
            memory.keep(
                gather.ranges.map { range in
                    unsafe ck_range(
                        base: pointer(range.buffer) + range.first,
                        stride: buffers[range.buffer].layout.pixelStride, count: range.count)
                }))
    }

    private func bind(
        _ epilogue: Epilogue<ChannelLocation>, bias: [Float], residualIndex: [Int32]?
    ) -> ck_epilogue {
        unsafe ck_epilogue(
            bias: memory.keep(bias),
            broadcast_bias: epilogue.broadcastBias.map { unsafe pointer($0) },
            residual: epilogue.residual.map { unsafe pointer($0) },
            residual_stride: pixelStride(of: epilogue.residual),
            residual_index: residualIndex.map { unsafe UnsafePointer(memory.keep($0)) },
            scale: epilogue.scale.map { unsafe pointer($0) },
            scale_stride: pixelStride(of: epilogue.scale),
            activation: epilogue.activation.cValue)
    }

    private func bind(
        _ layer: PointwiseLayer, _ output: UnsafeMutablePointer<Float>, _ stride: Int
    ) -> UnsafePointer<ck_pointwise> {
        unsafe memory.keep(
            one: ck_pointwise(
                ranges: bind(layer.gather), range_count: layer.gather.ranges.count,
                weights: memory.keep(layer.weights.words), lowp: bind(layer.weights.lowPrecision),
                epilogue: bind(
                    layer.epilogue, bias: layer.weights.bias, residualIndex: layer.residualIndex),
                half_vectors: layer.weights.halfVectors, output: output, output_stride: stride,
                pooling: nil))
    }

    private func bind(
        _ layer: DepthwiseLayer, _ output: UnsafeMutablePointer<Float>, _ stride: Int
    ) -> UnsafePointer<ck_depthwise> {
        unsafe memory.keep(
            one: ck_depthwise(
                ranges: bind(layer.gather), range_count: layer.gather.ranges.count,
                window: layer.window.cValue, weights: memory.keep(layer.weights),
                weight_stride: layer.weightStride, bias: memory.keep(layer.bias), output: output,
                output_stride: stride, activation: layer.activation.cValue))
    }

    private func bind(
        _ layer: StemLayer, _ output: UnsafeMutablePointer<Float>, _ stride: Int
    ) -> PlanStep.Call {
        // One vector of slack, as buffers have, and no cache line that two parts share.
        let count = layer.pooling.map {
            ($0.window.kernel * $0.input.width * stride + stride).roundedUp(to: 16)
        }
        let scratch = unsafe count.map { count in
            unsafe memory.keep([Float](repeating: 0, count: count * parts))
        }
        let description = unsafe memory.keep(
            one: ck_stem(
                image: pointer(layer.image),
                row_stride: buffers[layer.image].layout.rowStride,
                channels: layer.window.input.channels, window: layer.window.cValue,
                weights: memory.keep(layer.weights.words), lowp: bind(layer.weights.lowPrecision),
                gemm: kernels.gemm(for: layer.weights),
                epilogue: bind(
                    Epilogue(activation: layer.activation), bias: layer.weights.bias,
                    residualIndex: nil),
                half_vectors: layer.weights.halfVectors, output: output, output_stride: stride,
                pooling: layer.pooling?.cValue ?? ck_window()))
        return unsafe .stem(description, scratch: scratch, scratchCount: count ?? 0)
    }

    private func bind(
        _ layer: RegionPoolLayer, _ output: UnsafeMutablePointer<Float>, _ stride: Int
    ) -> UnsafePointer<ck_region_pool> {
        let map = buffers[layer.map.buffer].layout
        let channels = layer.pooling.depth * layer.pooling.bins * layer.pooling.bins
        precondition(stride >= channels + 7, "a row has the slack that the kernel writes")
        return unsafe memory.keep(
            one: ck_region_pool(
                map: pointer(layer.map), stride: map.pixelStride, height: map.shape.height,
                width: map.shape.width, regions: pointer(layer.regions),
                region_stride: pixelStride(of: layer.regions), bins: layer.pooling.bins,
                depth: layer.pooling.depth, samples: layer.pooling.samples,
                takes_maximum: layer.pooling.reduction == .maximum ? 1 : 0,
                is_aligned: layer.pooling.isAligned ? 1 : 0,
                scale: 1 / Float(layer.pooling.stride), output: output, output_stride: stride))
    }

    private func bind(_ lowPrecision: PackedWeights.LowPrecision?) -> UnsafePointer<ck_lowp>? {
        unsafe lowPrecision.map { unsafe memory.keep($0) }
    }
}

extension WindowGeometry {
    var cValue: ck_window {
        ck_window(
            input_height: input.height, input_width: input.width, output_height: output.height,
            output_width: output.width, kernel: window.kernel, stride: window.stride,
            padding: window.padding)
    }
}

extension Activation {
    var cValue: ck_activation {
        switch self {
        case .none: ck_linear
        case .relu: ck_relu
        case .sigmoid: ck_sigmoid
        }
    }
}

extension Kernels {
    /// The GEMM kernel for the precision of packed weights.
    func gemm(for weights: PackedWeights) -> ck_gemm {
        guard let precision = weights.lowPrecision?.precision,
            let kernel = unsafe lowPrecision(precision)?.pointwise
        else { return unsafe table.pointwise }
        return unsafe kernel
    }
}

extension PlanMemory {
    /// Copies a description to memory that lives as long as the plan.
    func keep(_ lowPrecision: PackedWeights.LowPrecision) -> UnsafePointer<ck_lowp> {
        unsafe keep(
            one: ck_lowp(
                steps: lowPrecision.steps, inverse: lowPrecision.inverse, zero: lowPrecision.zero,
                starts: keep(lowPrecision.starts), scales: keep(lowPrecision.scales)))
    }
}

import CKernels

/// Layers and slabs turned into descriptions that kernels read, with pointers into a plan's memory.
struct PlanBinding {
    let memory: PlanMemory
    let kernels: Kernels
    let slabs: [Slab]
    let offsets: [Int]
    /// How many parts of a step may run at the same time.
    let parts: Int

    /// The call for a layer.
    func step(_ layer: PlanLayer) -> PlanStep {
        let output = unsafe pointer(layer.output)
        let stride = slabs[layer.output].layout.pixelStride
        switch layer.kind {
        case .pointwise(let pointwise):
            return unsafe .pointwise(
                bind(pointwise, output, stride), kernels.product(pointwise.product))
        case .depthwise(let depthwise):
            return unsafe .depthwise(bind(depthwise, output, stride))
        case .maxPool(let reading, let geometry):
            let ranges = unsafe memory.keep(ranges(reading))
            return unsafe .maxPool(
                memory.keep(
                    one: ck_maxpool(
                        ranges: ranges, range_count: reading.ranges.count,
                        window: geometry.description, output: output, output_stride: stride)))
        case .stem(let stem):
            return unsafe bind(stem, output, stride)
        case .average(let reading, let pixels):
            let ranges = unsafe memory.keep(ranges(reading))
            return unsafe .average(
                memory.keep(
                    one: ck_average(
                        ranges: ranges, range_count: reading.ranges.count, pixels: pixels,
                        output: output)))
        case .gather(let reading, let index):
            return unsafe .gather(bind(reading, index, output, stride))
        case .regionPool(let pooling):
            return unsafe .regionPool(bind(pooling, output, stride))
        }
    }

    /// The first float of a slab.
    private func pointer(_ slab: Int) -> UnsafeMutablePointer<Float> {
        // SAFETY: the arena was made as large as the layout of the same slabs says.
        unsafe memory.arena + offsets[slab]
    }

    /// A channel's place in the first pixel.
    private func pointer(_ place: ChannelPlace) -> UnsafePointer<Float> {
        unsafe UnsafePointer(pointer(place.slab) + place.channel)
    }

    private func pixelStride(of place: ChannelPlace?) -> Int {
        place.map { slabs[$0.slab].layout.pixelStride } ?? 0
    }

    private func ranges(_ reading: ChannelReading) -> [ck_range] {
        unsafe reading.ranges.map { range in
            unsafe ck_range(
                base: pointer(range.slab) + range.first,
                stride: slabs[range.slab].layout.pixelStride, count: range.count)
        }
    }

    private func bind(
        _ layer: PointwiseLayer, _ output: UnsafeMutablePointer<Float>, _ stride: Int
    ) -> UnsafePointer<ck_pointwise> {
        unsafe memory.keep(
            one: ck_pointwise(
                ranges: memory.keep(ranges(layer.reading)),
                range_count: layer.reading.ranges.count,
                weights: memory.keep(layer.product.words),
                narrowing: layer.product.narrowing.map { unsafe memory.keep($0) },
                bias: memory.keep(layer.product.bias),
                spread: layer.spread.map { unsafe pointer($0) },
                halves: layer.product.halves, output: output, output_stride: stride,
                addend: layer.addend.map { unsafe pointer($0.place) },
                addend_stride: pixelStride(of: layer.addend?.place),
                addend_index: layer.addend?.index.map { unsafe UnsafePointer(memory.keep($0)) },
                factor: layer.factor.map { unsafe pointer($0) },
                factor_stride: pixelStride(of: layer.factor),
                activation: layer.activation.description, fold: nil))
    }

    private func bind(
        _ layer: DepthwiseLayer, _ output: UnsafeMutablePointer<Float>, _ stride: Int
    ) -> UnsafePointer<ck_depthwise> {
        unsafe memory.keep(
            one: ck_depthwise(
                ranges: memory.keep(ranges(layer.reading)),
                range_count: layer.reading.ranges.count, window: layer.window.description,
                weights: memory.keep(layer.weights), weight_stride: layer.weightStride,
                bias: memory.keep(layer.bias), output: output, output_stride: stride,
                activation: layer.activation.description))
    }

    private func bind(
        _ layer: StemLayer, _ output: UnsafeMutablePointer<Float>, _ stride: Int
    ) -> PlanStep {
        // One vector of slack, as slabs have, and no cache line that two parts share.
        let count = layer.pooling.map {
            ($0.window.kernel * $0.input.width * stride + stride).roundedUp(to: 16)
        }
        let scratch = unsafe count.map { count in
            unsafe memory.keep([Float](repeating: 0, count: count * parts))
        }
        let description = unsafe memory.keep(
            one: ck_stem(
                image: pointer(layer.image),
                row_stride: slabs[layer.image].layout.rowStride,
                channels: layer.window.input.channels, window: layer.window.description,
                weights: memory.keep(layer.product.words),
                narrowing: layer.product.narrowing.map { unsafe memory.keep($0) },
                product: kernels.product(layer.product),
                bias: memory.keep(layer.product.bias), halves: layer.product.halves,
                output: output, output_stride: stride,
                activation: layer.activation.description,
                pooling: layer.pooling?.description ?? ck_window()))
        return unsafe .stem(description, scratch: scratch, scratchCount: count ?? 0)
    }

    private func bind(
        _ reading: ChannelReading, _ index: [Int32]?, _ output: UnsafeMutablePointer<Float>,
        _ stride: Int
    ) -> UnsafePointer<ck_gather> {
        unsafe memory.keep(
            one: ck_gather(
                ranges: memory.keep(ranges(reading)), range_count: reading.ranges.count,
                index: index.map { unsafe UnsafePointer(memory.keep($0)) }, output: output,
                output_stride: stride))
    }

    private func bind(
        _ layer: RegionPoolLayer, _ output: UnsafeMutablePointer<Float>, _ stride: Int
    ) -> UnsafePointer<ck_region_pool> {
        let map = slabs[layer.map.slab].layout
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
}

extension WindowGeometry {
    var description: ck_window {
        ck_window(
            input_height: input.height, input_width: input.width, output_height: output.height,
            output_width: output.width, kernel: window.kernel, stride: window.stride,
            padding: window.padding)
    }
}

extension Activation {
    fileprivate var description: ck_activation {
        switch self {
        case .none: ck_linear
        case .relu: ck_relu
        case .sigmoid: ck_sigmoid
        }
    }
}

extension Kernels {
    /// The kernel that computes a product.
    func product(_ product: PackedProduct) -> PlanStep.Product {
        guard let narrowing = product.narrowing, let narrow = narrow(narrowing.precision),
            let kernel = unsafe narrow.pointwise
        else { return unsafe table.pointwise }
        return unsafe kernel
    }
}

extension PlanMemory {
    /// A description that stays until the plan ends.
    func keep(_ narrowing: PackedProduct.Narrowing) -> UnsafePointer<ck_narrowing> {
        unsafe keep(
            one: ck_narrowing(
                steps: narrowing.steps, inverse: narrowing.inverse, zero: narrowing.zero,
                starts: keep(narrowing.starts), scales: keep(narrowing.scales)))
    }
}

/// A lowered layer: a kernel, the buffers it reads and writes, and its packed weights, before memory is allocated.
struct PlanLayer: Sendable {
    /// The kernel with its parameters.
    enum Kind: Sendable {
        case pointwise(PointwiseLayer)
        case depthwise(DepthwiseLayer)
        case maxPool(ChannelGather, WindowGeometry)
        case stem(StemLayer)
        case average(ChannelGather, pixels: Int)
        case gather(ChannelGather, index: [Int32]?)
        case regionPool(RegionPoolLayer)
    }

    /// The node whose value is stored.
    let name: String
    let kind: Kind
    /// The buffer that is written.
    let output: Int
    /// Units into which the work can be split: pixels or rows of the result.
    let units: Int
    /// Multiply-adds by the papers' count.
    let multiplyAdds: Int
    /// Rough number of values read or multiplied, which decides whether threads share the step.
    let work: Int

    /// The buffers that are read.
    var inputs: [Int] {
        switch kind {
        case .pointwise(let layer):
            layer.gather.buffers + layer.epilogue.operands.map(\.buffer)
        case .depthwise(let layer): layer.gather.buffers
        case .maxPool(let gather, _), .average(let gather, _), .gather(let gather, _):
            gather.buffers
        case .stem(let layer): [layer.image]
        case .regionPool(let layer): [layer.map.buffer, layer.regions.buffer]
        }
    }
}

extension ChannelGather {
    /// The buffers that are read, one per range.
    var buffers: [Int] { ranges.map(\.buffer) }
}

/// A 1×1 convolution or dense layer with its epilogue.
struct PointwiseLayer: Sendable {
    /// The node whose weights are used; the first one where several GEMMs were merged.
    var name: String
    var gather: ChannelGather
    var weights: PackedWeights
    var epilogue: Epilogue<ChannelLocation>
    /// The residual's pixel for each pixel of the result; nil for the same pixel.
    var residualIndex: [Int32]?
}

/// A depthwise convolution, its weights in the order of the gathered channels.
struct DepthwiseLayer: Sendable {
    var gather: ChannelGather
    var window: WindowGeometry
    var weights: [Float]
    var weightStride: Int
    var bias: [Float]
    var activation: Activation
}

/// A full convolution on a bordered image, with a fused max pooling or none.
struct StemLayer: Sendable {
    /// The node whose weights are used.
    var name: String
    var image: Int
    var window: WindowGeometry
    var weights: PackedWeights
    var activation: Activation
    var pooling: WindowGeometry?
}

/// Position-sensitive RoI pooling of a map.
struct RegionPoolLayer: Sendable {
    var map: ChannelLocation
    var regions: ChannelLocation
    var pooling: RegionPool
}

/// A window that slides over a map.
struct WindowGeometry: Hashable, Sendable {
    var input: Shape
    var output: Shape
    var window: Window
}

/// One step of a plan before it has memory: which kernel, on which slabs, with which packed numbers.
struct PlanLayer: Sendable {
    /// What the kernels need to know.
    enum Kind: Sendable {
        case pointwise(PointwiseLayer)
        case depthwise(DepthwiseLayer)
        case maxPool(ChannelReading, WindowGeometry)
        case stem(StemLayer)
        case average(ChannelReading, pixels: Int)
        case gather(ChannelReading, index: [Int32]?)
        case regionPool(RegionPoolLayer)
    }

    /// The node whose value is stored.
    let name: String
    let kind: Kind
    /// The slab that is written.
    let output: Int
    /// How many parts the work can be cut into: pixels or rows of the result.
    let units: Int
    /// Multiply-adds that the papers would count.
    let multiplyAdds: Int
    /// Numbers touched or multiplied in all, roughly: whether threads are worth their barrier.
    let work: Int

    /// The slabs that are read.
    var inputs: [Int] {
        switch kind {
        case .pointwise(let layer):
            layer.reading.slabs
                + [layer.spread, layer.addend?.place, layer.factor].compactMap { $0?.slab }
        case .depthwise(let layer): layer.reading.slabs
        case .maxPool(let reading, _), .average(let reading, _), .gather(let reading, _):
            reading.slabs
        case .stem(let layer): [layer.image]
        case .regionPool(let layer): [layer.map.slab, layer.regions.slab]
        }
    }
}

extension ChannelReading {
    /// The slabs that are read, one for each range.
    var slabs: [Int] { ranges.map(\.slab) }
}

/// A 1×1 convolution or dense layer and what its store does besides (``PlanChain``).
struct PointwiseLayer: Sendable {
    struct Addend: Sendable {
        var place: ChannelPlace
        /// The addend's pixel for each pixel of the result, where they differ.
        var index: [Int32]?
    }

    /// The node whose weights are used; where several became one, the first.
    var name: String
    var reading: ChannelReading
    var product: PackedProduct
    var activation: Activation
    var addend: Addend?
    var spread: ChannelPlace?
    var factor: ChannelPlace?
}

/// A convolution of each channel by itself, its numbers in the order of the reading.
struct DepthwiseLayer: Sendable {
    var reading: ChannelReading
    var window: WindowGeometry
    var weights: [Float]
    var weightStride: Int
    var bias: [Float]
    var activation: Activation
}

/// A full convolution on a bordered image, and the pooling fused with it.
struct StemLayer: Sendable {
    /// The node whose weights are used.
    var name: String
    var image: Int
    var window: WindowGeometry
    var product: PackedProduct
    var activation: Activation
    var pooling: WindowGeometry?
}

/// Position-sensitive pooling of a map.
struct RegionPoolLayer: Sendable {
    var map: ChannelPlace
    var regions: ChannelPlace
    var pooling: RegionPool
}

/// A window that slides over a map.
struct WindowGeometry: Hashable, Sendable {
    var input: Shape
    var output: Shape
    var window: Window
}

/// The operation of a node of a ``Graph``.
///
/// Training and inference share the operations, so batch normalisation is one of them; ``FoldedNetwork`` removes it for
/// inference.
public enum Operation: Hashable, Sendable {
    /// An input of the network.
    case input
    /// A convolution, grouped or not; weights `[outputs, inputs/groups, kernel, kernel]`.
    case convolution(Convolution)
    /// Batch normalisation with stored statistics: weight, bias, mean and variance per channel.
    case normalization(epsilon: Float)
    /// max(x, 0).
    case relu
    /// 1 / (1 + e^−x).
    case sigmoid
    /// Max pooling; padding counts as −∞.
    case maxPool(Window)
    /// Average pooling; padding counts as zeros, as in the papers' code.
    case averagePool(Window)
    /// Global average pooling.
    case globalAverage
    /// Nearest-neighbour upsampling to height and width of the second input: row ⌊y·h/H⌋, column ⌊x·w/W⌋.
    case upsample
    /// A contiguous range of channels.
    case slice(Range<Int>)
    /// Concatenation along the channels.
    case concatenation
    /// Channel c·g + k takes channel k·(C/g) + c: `[g, C/g]` transposed, as ShuffleNet defines it.
    case shuffle(groups: Int)
    /// Element-wise sum; inputs of one pixel are broadcast.
    case add
    /// Element-wise product of equal shapes.
    case multiply
    /// A dense layer with bias, applied to each pixel; weights `[outputs, inputs]`.
    case dense(outputs: Int)
    /// Position-sensitive RoI pooling. The second input holds corners in input pixels: 4 channels × regions × 1.
    case regionPool(RegionPool)
}

/// Parameters of a convolution with a square kernel, equal strides and symmetric zero padding.
public struct Convolution: Hashable, Sendable {
    /// Output channels.
    public var outputs: Int
    /// Side of the kernel.
    public var kernel: Int
    /// Stride in both directions.
    public var stride: Int
    /// Zeros on each side.
    public var padding: Int
    /// Groups; equal to the input channels for a depthwise layer.
    public var groups: Int
    /// True when a bias is learned; false before a normalisation.
    public var hasBias: Bool

    /// Creates a convolution.
    ///
    /// The default padding of half the kernel keeps the map's size at stride 1.
    public init(
        outputs: Int, kernel: Int, stride: Int = 1, padding: Int? = nil, groups: Int = 1,
        hasBias: Bool = false
    ) {
        self.outputs = outputs
        self.kernel = kernel
        self.stride = stride
        self.padding = padding ?? kernel / 2
        self.groups = groups
        self.hasBias = hasBias
    }
}

/// The square window of a pooling layer, with equal strides and symmetric padding.
public struct Window: Hashable, Sendable {
    /// Side of the window.
    public var kernel: Int
    /// Stride in both directions.
    public var stride: Int
    /// Padding on each side.
    public var padding: Int

    /// Creates a window.
    public init(kernel: Int, stride: Int, padding: Int) {
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
    }
}

/// Parameters of a position-sensitive RoI pooling (Light-Head R-CNN, R-FCN, RoIAlign).
///
/// Output channel `(c·bins + row)·bins + column` of a region reads the same channel of the map.
public struct RegionPool: Hashable, Sendable {
    /// Reduction of the samples of a bin.
    public enum Reduction: String, Hashable, Sendable {
        /// Average.
        case average
        /// Maximum.
        case maximum
    }

    /// Bins along each side.
    public var bins: Int
    /// Channels per bin.
    public var depth: Int
    /// Samples per bin along each side.
    public var samples: Int
    /// Reduction of the samples of a bin.
    public var reduction: Reduction
    /// True when corners are shifted by half a cell (`aligned` of RoIAlign).
    public var isAligned: Bool
    /// Input pixels per cell of the map.
    public var stride: Int

    /// Creates a pooling.
    public init(
        bins: Int, depth: Int, samples: Int, reduction: Reduction, isAligned: Bool, stride: Int
    ) {
        self.bins = bins
        self.depth = depth
        self.samples = samples
        self.reduction = reduction
        self.isAligned = isAligned
        self.stride = stride
    }
}

/// What a node of a ``Graph`` computes from its inputs.
///
/// Training and inference read the same operations, so batch normalisation is an operation of its
/// own; folding it away is a reading.
public enum Operation: Hashable, Sendable {
    /// A tensor given from outside.
    case input
    /// A convolution, grouped or not; weights `[outputs, inputs/groups, kernel, kernel]`.
    case convolution(Convolution)
    /// Batch normalisation with stored statistics: weight, bias, mean, variance, one number per
    /// channel each.
    case normalization(epsilon: Float)
    /// max(x, 0).
    case relu
    /// 1 / (1 + e^−x).
    case sigmoid
    /// The greatest value in each window; padding never wins.
    case maxPool(Window)
    /// The mean of each window; padding counts as zeros, as in the papers' code.
    case averagePool(Window)
    /// The mean over the whole plane.
    case globalAverage
    /// Nearest neighbour to the plane of the second input: row ⌊y·h/H⌋, column ⌊x·w/W⌋.
    case upsample
    /// A contiguous range of channels.
    case slice(Range<Int>)
    /// All inputs' channels, one after another.
    case concatenation
    /// Channel c·g + k takes channel k·(C/g) + c: `[g, C/g]` transposed, as ShuffleNet defines it.
    case shuffle(groups: Int)
    /// Element-wise sum; an input of plane 1×1 is spread over the others' plane.
    case add
    /// Element-wise product of equal shapes.
    case multiply
    /// A fully connected layer at every place of the plane; weights `[outputs, inputs]`, with bias.
    case dense(outputs: Int)
    /// Position-sensitive pooling of regions (second input: 4 channels × regions × 1, corners in
    /// input pixels).
    case regionPool(RegionPool)
}

/// The numbers of a convolution; square kernels, equal strides, symmetric zero padding.
public struct Convolution: Hashable, Sendable {
    /// Output channels.
    public var outputs: Int
    /// Side of the kernel.
    public var kernel: Int
    /// Step in both directions.
    public var stride: Int
    /// Zeros on each side.
    public var padding: Int
    /// Groups; equal to the input channels for a depthwise layer.
    public var groups: Int
    /// Whether a bias is learned (none stands before a normalisation).
    public var hasBias: Bool

    /// A convolution by its numbers; padding keeps the plane at stride 1 unless told otherwise.
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

/// The window of a pooling layer; square, equal strides, symmetric padding.
public struct Window: Hashable, Sendable {
    /// Side of the window.
    public var kernel: Int
    /// Step in both directions.
    public var stride: Int
    /// Places added on each side.
    public var padding: Int

    /// A window by its numbers.
    public init(kernel: Int, stride: Int, padding: Int) {
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
    }
}

/// The numbers of a position-sensitive region pooling (Light-Head R-CNN; R-FCN; RoIAlign).
///
/// Output channel `(c·bins + row)·bins + column` of a region reads the same channel of the map.
public struct RegionPool: Hashable, Sendable {
    /// How the samples of one bin become one number.
    public enum Reduction: String, Hashable, Sendable {
        /// Their mean.
        case average
        /// Their greatest.
        case maximum
    }

    /// Bins along each side.
    public var bins: Int
    /// Channels per bin.
    public var depth: Int
    /// Samples per bin along each side.
    public var samples: Int
    /// How the samples of a bin are reduced.
    public var reduction: Reduction
    /// Whether corners are shifted by half a cell (the "aligned" convention).
    public var isAligned: Bool
    /// Input pixels per cell of the map.
    public var stride: Int

    /// A pooling by its numbers.
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

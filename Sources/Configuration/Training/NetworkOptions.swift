/// Arithmetic of a training step; the network stays the same.
public struct NetworkOptions: Hashable, Sendable {
    /// Number format of feature maps.
    public var precision = Precision.automatic
    /// Statistics of batch normalizations.
    public var statistics = NormStatistics.frozen
    /// Computation of depthwise convolutions; nil for the fastest with the number format.
    public var depthwise: DepthwiseMethod?

    /// The defaults.
    public init() {}

    /// Number format of feature maps; weights stay float32.
    public enum Precision: String, Hashable, Sendable, CaseIterable {
        /// bfloat16 on processors that multiply it faster than float32.
        case automatic = "auto"
        /// Four bytes.
        case float32
        /// The upper half of a float32.
        case bfloat16
    }
}

/// Statistics of batch normalizations in training.
public enum NormStatistics: String, Hashable, Sendable, CaseIterable, Codable {
    /// Those of the batch, averaged into the stored ones.
    case live
    /// The stored ones, folded into the convolutions before them.
    case frozen
}

/// Computation of depthwise convolutions and their gradients; all give the same numbers.
public enum DepthwiseMethod: String, Hashable, Sendable, CaseIterable, Codable {
    /// libtorch's own.
    case native
    /// Gradients by kernels of this project on processors; libtorch's own elsewhere.
    case fast
    /// One convolution per channel.
    case perChannel = "per-channel"
    /// Dense convolutions of 32 channels with diagonal kernels (Qin et al., arXiv 1803.09926).
    case diagonalwise
}

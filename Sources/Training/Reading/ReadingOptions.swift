public import Configuration
internal import Tensors

/// The way in which libtorch computes a graph; the network is the same.
public struct ReadingOptions: Hashable, Sendable, Codable {
    /// The type that maps are computed in; weights stay float32 (float64 in tests).
    public var type = TorchType.float32
    /// The statistics of batch normalisations.
    public var statistics = NormStatistics.frozen
    /// The way to compute depthwise convolutions.
    public var depthwise = DepthwiseMethod.native
    /// Whether the channels of a map lie innermost, which is faster on processors and GPUs alike.
    public var isChannelsLast = true

    /// The options by themselves.
    public init(
        type: TorchType = .float32, statistics: NormStatistics = .frozen,
        depthwise: DepthwiseMethod = .native, isChannelsLast: Bool = true
    ) {
        self.type = type
        self.statistics = statistics
        self.depthwise = depthwise
        self.isChannelsLast = isChannelsLast
    }

    /// bfloat16 with fast depthwise gradients where this processor multiplies it faster than float32, else float32.
    ///
    /// Measured: on AVX-512 with products of bfloat16 a step takes two thirds of the time; on AVX2, where libtorch has to
    /// widen every number, three times as long.
    public static var automatic: ReadingOptions {
        let isFaster =
            InstructionSet.best == .avx512 && InstructionSet.best.precisions.contains(.bfloat16)
        return isFaster ? ReadingOptions(type: .bfloat16, depthwise: .fast) : ReadingOptions()
    }

    /// Options as a recipe states them; what it leaves open follows from the processor.
    public init(_ network: NetworkOptions) {
        let type: TorchType =
            switch network.precision {
            case .automatic: Self.automatic.type
            case .float32: .float32
            case .bfloat16: .bfloat16
            }
        self.init(
            type: type, statistics: network.statistics,
            depthwise: network.depthwise ?? (type == .bfloat16 ? .fast : .native))
    }
}

public import Configuration
internal import Tensors

/// Options of libtorch's computation of a graph; the network stays the same.
public struct ReadingOptions: Hashable, Sendable, Codable {
    /// Number format of feature maps; weights stay float32 (float64 in tests).
    public var type = TorchType.float32
    /// Statistics of batch normalizations.
    public var statistics = NormStatistics.frozen
    /// Method for depthwise convolutions.
    public var depthwise = DepthwiseMethod.native
    /// True for channels-last feature maps (NHWC), which are faster on CPUs and GPUs.
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

    /// bfloat16 with fast depthwise gradients if the CPU multiplies bfloat16 faster than float32, else float32.
    ///
    /// Measured: with AVX-512 BF16 a step takes two thirds of the time; with AVX2 only, where libtorch converts every
    /// number, three times the time.
    public static var automatic: ReadingOptions {
        let isFaster =
            InstructionSet.best == .avx512 && InstructionSet.best.precisions.contains(.bfloat16)
        return isFaster ? ReadingOptions(type: .bfloat16, depthwise: .fast) : ReadingOptions()
    }

    /// Creates the options of a recipe; unset ones follow from the CPU.
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

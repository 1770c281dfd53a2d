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

    /// Fast depthwise gradients, in bfloat16 if the CPU multiplies it faster than float32, else in float32.
    ///
    /// Measured: with AVX-512 BF16 a step takes two thirds of the time; with AVX2 only, where libtorch converts every
    /// number, three times the time.
    public static var automatic: ReadingOptions {
        let isFaster =
            InstructionSet.best == .avx512 && InstructionSet.best.precisions.contains(.bfloat16)
        return ReadingOptions(type: isFaster ? .bfloat16 : .float32, depthwise: .fast)
    }

    /// The same options with libtorch's own depthwise convolutions, which are fast on a GPU.
    public var forCUDA: ReadingOptions {
        var options = self
        options.depthwise = .native
        return options
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
            depthwise: network.depthwise ?? .fast)
    }
}

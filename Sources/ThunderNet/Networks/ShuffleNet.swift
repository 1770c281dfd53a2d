public import Tensors

/// ShuffleNet (arXiv 1707.01083, table 1), the baseline of FD-MobileNet and MENet.
public struct ShuffleNet: Backbone, Hashable {
    /// Multiplier of all channel counts.
    public var scale: Double
    /// Groups of the pointwise convolutions: 3, 4 or 8.
    public var groups: Int
    /// Added to variances for numerical stability.
    public var epsilon: Float = 1e-5

    // swift-format-ignore
    /// Networks of the paper, and one that costs as much as the smallest FD-MobileNet.
    public static let all: [ShuffleNet] = [
        ShuffleNet(scale: 1,    groups: 3),
        ShuffleNet(scale: 1,    groups: 4),
        ShuffleNet(scale: 1,    groups: 8),
        ShuffleNet(scale: 0.5,  groups: 3),
        ShuffleNet(scale: 0.25, groups: 3),
    ]
    /// Channels of the first stage by groups, at scale 1.
    private static let widths = [3: 240, 4: 272, 8: 384]

    /// The network of ``all`` with a name.
    public static func named(_ name: String) -> ShuffleNet? { all.first { $0.name == name } }

    /// Name in model files, such as `shufflenet-0.5x-g3`.
    public var name: String { "shufflenet-\(scale == 1 ? "1" : String(scale))x-g\(groups)" }

    /// Appends the first convolution, the pooling and the three stages.
    public func features(of image: Graph.Value, in graph: inout Graph) -> BackboneFeatures {
        let width = Self.widths[groups] ?? 240
        return GroupedNet(
            width: Int(Double(width) * scale), groups: groups, stem: Int(24 * scale), fusion: nil,
            epsilon: epsilon
        ).features(of: image, in: &graph)
    }
}

public import Tensors

/// MENet (arXiv 1803.09127): ShuffleNet whose grouped bottlenecks exchange information through a narrow path.
public struct MENet: Backbone, Hashable {
    /// Channels of the first stage; the others have two and four times as many.
    public var width: Int
    /// Channels of the narrow fusion path.
    public var fusion: Int
    /// Groups of the pointwise convolutions.
    public var groups: Int
    /// Channels of the first convolution.
    public var stem: Int
    /// Added to variances for numerical stability.
    public var epsilon: Float = 1e-5

    // swift-format-ignore
    /// The table of the authors' repository.
    public static let all: [MENet] = [
        MENet(width: 108, fusion:  8, groups: 3, stem: 12),
        MENet(width: 128, fusion:  8, groups: 4, stem: 12),
        MENet(width: 160, fusion:  8, groups: 8, stem: 16),
        MENet(width: 228, fusion: 12, groups: 3, stem: 24),
        MENet(width: 256, fusion: 12, groups: 4, stem: 24),
        MENet(width: 352, fusion: 12, groups: 8, stem: 24),
        MENet(width: 348, fusion: 12, groups: 3, stem: 24),
        MENet(width: 456, fusion: 24, groups: 3, stem: 48),
    ]

    /// The network of the table with a name.
    public static func named(_ name: String) -> MENet? { all.first { $0.name == name } }

    /// Name in model files, such as `menet-228-12x1`.
    public var name: String { "menet-\(width)-\(fusion)x1" }

    /// Appends the first convolution, the pooling and the three stages.
    public func features(of image: Graph.Value, in graph: inout Graph) -> BackboneFeatures {
        GroupedNet(width: width, groups: groups, stem: stem, fusion: fusion, epsilon: epsilon)
            .features(of: image, in: &graph)
    }
}

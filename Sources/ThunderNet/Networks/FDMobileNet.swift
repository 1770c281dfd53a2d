public import Tensors

/// FD-MobileNet (arXiv 1802.03750, table 1): MobileNet blocks that reach stride 32 within 12 layers.
public struct FDMobileNet: Backbone, Hashable {
    /// Multiplier of all channel counts, which are rounded down.
    public var width: Double
    /// Added to variances for numerical stability.
    public var epsilon: Float = 1e-5

    /// Creates a network with a width multiplier.
    public init(width: Double) { self.width = width }

    /// The networks of the paper and its repository.
    public static let all: [FDMobileNet] = [1, 0.75, 0.5, 0.25].map { FDMobileNet(width: $0) }

    /// The network of ``all`` with a name.
    public static func named(_ name: String) -> FDMobileNet? { all.first { $0.name == name } }

    /// Name in model files, such as `fdmobilenet-0.5x`.
    public var name: String { "fdmobilenet-\(width == 1 ? "1" : String(width))x" }

    // swift-format-ignore
    private static let rows = [
        SeparableRow(channels:   64, stride: 2),  // 1: stride 4
        SeparableRow(channels:  128, stride: 2),
        SeparableRow(channels:  128, stride: 1),  // 3: stride 8
        SeparableRow(channels:  256, stride: 2),
        SeparableRow(channels:  256, stride: 1),  // 5: C4
        SeparableRow(channels:  512, stride: 2),
        SeparableRow(channels:  512, stride: 1),
        SeparableRow(channels:  512, stride: 1),
        SeparableRow(channels:  512, stride: 1),
        SeparableRow(channels:  512, stride: 1),
        SeparableRow(channels: 1024, stride: 1),  // 11: C5
    ]

    /// Appends the first convolution and the eleven blocks.
    public func features(of image: Graph.Value, in graph: inout Graph) -> BackboneFeatures {
        let maps = SeparableNet(rows: Self.rows, width: width, epsilon: epsilon)
            .maps(of: image, in: &graph)
        return BackboneFeatures(stride4: maps[1], stride8: maps[3], c4: maps[5], c5: maps[11])
    }
}

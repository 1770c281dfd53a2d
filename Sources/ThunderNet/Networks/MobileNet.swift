public import Tensors

/// MobileNet (arXiv 1704.04861, table 1), the baseline of FD-MobileNet.
public struct MobileNet: Backbone, Hashable {
    /// Multiplier of all channel counts, which are rounded down.
    public var width: Double
    /// Added to variances for numerical stability.
    public var epsilon: Float = 1e-5

    /// Creates a network with a width multiplier.
    public init(width: Double) { self.width = width }

    /// The networks of the paper, and one that costs as much as the smallest FD-MobileNet.
    public static let all: [MobileNet] = [1, 0.75, 0.5, 0.25, 0.125].map { MobileNet(width: $0) }

    /// The network of ``all`` with a name.
    public static func named(_ name: String) -> MobileNet? { all.first { $0.name == name } }

    /// Name in model files, such as `mobilenet-0.5x`.
    public var name: String { "mobilenet-\(width == 1 ? "1" : String(width))x" }

    // swift-format-ignore
    private static let rows = [
        SeparableRow(channels:   64, stride: 1),
        SeparableRow(channels:  128, stride: 2),
        SeparableRow(channels:  128, stride: 1),  // 3: stride 4
        SeparableRow(channels:  256, stride: 2),
        SeparableRow(channels:  256, stride: 1),  // 5: stride 8
        SeparableRow(channels:  512, stride: 2),
        SeparableRow(channels:  512, stride: 1),
        SeparableRow(channels:  512, stride: 1),
        SeparableRow(channels:  512, stride: 1),
        SeparableRow(channels:  512, stride: 1),
        SeparableRow(channels:  512, stride: 1),  // 11: C4
        SeparableRow(channels: 1024, stride: 2),
        SeparableRow(channels: 1024, stride: 1),  // 13: C5
    ]

    /// Appends the first convolution and the thirteen blocks.
    public func features(of image: Graph.Value, in graph: inout Graph) -> BackboneFeatures {
        let maps = SeparableNet(rows: Self.rows, width: width, epsilon: epsilon)
            .maps(of: image, in: &graph)
        return BackboneFeatures(stride4: maps[3], stride8: maps[5], c4: maps[11], c5: maps[13])
    }
}

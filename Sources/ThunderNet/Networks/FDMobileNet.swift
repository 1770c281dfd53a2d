public import Tensors

/// FD-MobileNet (arXiv 1802.03750, table 1): MobileNet blocks that reach stride 32 within 12 layers.
public struct FDMobileNet: Backbone, Hashable {
    /// One block: a depthwise 3×3 and a pointwise convolution.
    struct Row: Hashable, Sendable {
        var channels: Int
        var stride: Int
    }

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
        Row(channels:   64, stride: 2),  // 1: stride 4
        Row(channels:  128, stride: 2),
        Row(channels:  128, stride: 1),  // 3: stride 8
        Row(channels:  256, stride: 2),
        Row(channels:  256, stride: 1),  // 5: C4
        Row(channels:  512, stride: 2),
        Row(channels:  512, stride: 1),
        Row(channels:  512, stride: 1),
        Row(channels:  512, stride: 1),
        Row(channels:  512, stride: 1),
        Row(channels: 1024, stride: 1),  // 11: C5
    ]
    private static let stem = 32

    /// Appends the first convolution and the eleven blocks.
    public func features(of image: Graph.Value, in graph: inout Graph) -> BackboneFeatures {
        var maps = [
            graph.normalizedConv(
                image, scaled(Self.stem), kernel: 3, stride: 2, epsilon: epsilon, name: "stem")
        ]
        for (index, row) in Self.rows.enumerated() {
            maps.append(block(row, number: index + 1, of: maps[index], in: &graph))
        }
        return BackboneFeatures(stride4: maps[1], stride8: maps[3], c4: maps[5], c5: maps[11])
    }

    private func block(
        _ row: Row, number: Int, of x: Graph.Value, in graph: inout Graph
    ) -> Graph.Value {
        graph.scoped("block\(number)") { graph in
            let plane = graph.normalizedDepthwise(
                x, kernel: 3, stride: row.stride, epsilon: epsilon, isRectified: true,
                name: "depthwise")
            return graph.normalizedConv(
                plane, scaled(row.channels), kernel: 1, epsilon: epsilon, name: "pointwise")
        }
    }

    private func scaled(_ channels: Int) -> Int { Int(Double(channels) * width) }
}

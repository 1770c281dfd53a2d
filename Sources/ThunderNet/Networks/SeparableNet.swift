import Tensors

/// One block of a MobileNet: a depthwise 3×3 and a pointwise convolution.
struct SeparableRow: Hashable, Sendable {
    /// Channels at width 1.
    var channels: Int
    var stride: Int
}

/// The common form of MobileNet and FD-MobileNet: a first convolution, then blocks.
struct SeparableNet {
    let rows: [SeparableRow]
    /// Multiplier of all channel counts, which are rounded down.
    let width: Double
    let epsilon: Float
    private static let stem = 32

    /// Appends all layers; map 0 is that of the first convolution, map n that of block n.
    func maps(of image: Graph.Value, in graph: inout Graph) -> [Graph.Value] {
        var maps = [
            graph.normalizedConv(
                image, scaled(Self.stem), kernel: 3, stride: 2, epsilon: epsilon, name: "stem")
        ]
        for (index, row) in rows.enumerated() {
            maps.append(block(row, number: index + 1, of: maps[index], in: &graph))
        }
        return maps
    }

    private func block(
        _ row: SeparableRow, number: Int, of x: Graph.Value, in graph: inout Graph
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

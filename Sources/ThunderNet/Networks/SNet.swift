public import Tensors

/// SNet, the backbone of ThunderNet (arXiv 1903.11752, section 3.1): ShuffleNetV2 with 5×5 depthwise kernels.
public struct SNet: Backbone, Hashable {
    /// Name in model files.
    public var name: String
    /// Channels of the first convolution.
    public var stem: Int
    /// Channels of the stages at strides 8, 16 and 32.
    public var widths: [Int]
    /// Channels of a last 1×1 convolution; nil for none.
    public var last: Int?
    /// Units in each stage, the one of stride 2 included.
    public var repeats: [Int] = [4, 8, 4]
    /// Side of the depthwise kernels.
    public var kernel: Int = 5
    /// Variant of the ShuffleNet units.
    public var unit = ShuffleUnit()

    // swift-format-ignore
    /// The table of the paper, and ShuffleNetV2 to check the cost.
    public static let all: [SNet] = [
        SNet(name: "snet49",          stem: 24, widths: [ 60, 120, 240], last: 512),
        SNet(name: "snet146",         stem: 24, widths: [132, 264, 528], last: nil),
        SNet(name: "snet535",         stem: 48, widths: [248, 496, 992], last: nil),
        SNet(name: "shufflenetv2-1x", stem: 24, widths: [116, 232, 464], last: 1024, kernel: 3),
    ]

    /// The network of the table with a name.
    public static func named(_ name: String) -> SNet? { all.first { $0.name == name } }

    /// Appends stem, pooling, stages and the last convolution.
    public func features(of image: Graph.Value, in graph: inout Graph) -> BackboneFeatures {
        let first = graph.normalizedConv(
            image, stem, kernel: 3, stride: 2, epsilon: unit.epsilon, name: "stem")
        let pool = graph.maxPool(first, kernel: 3, stride: 2, padding: 1)
        var maps = [pool]
        for (index, width) in widths.enumerated() {
            maps.append(stage(index, width, of: maps[index], in: &graph))
        }
        if let last {
            maps[3] = graph.normalizedConv(
                maps[3], last, kernel: 1, epsilon: unit.epsilon, name: "conv5")
        }
        return BackboneFeatures(stride4: pool, stride8: maps[1], c4: maps[2], c5: maps[3])
    }

    private func stage(
        _ index: Int, _ width: Int, of input: Graph.Value, in graph: inout Graph
    ) -> Graph.Value {
        graph.scoped("stage\(index + 2)") { graph in
            (0..<repeats[index]).reduce(input) { x, number in
                graph.scoped("\(number)") { graph in
                    number == 0
                        ? unit.halving(x, to: width, kernel: kernel, in: &graph)
                        : unit.keeping(x, kernel: kernel, in: &graph)
                }
            }
        }
    }
}

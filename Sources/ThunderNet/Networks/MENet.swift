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
    private static let repeats = [4, 8, 4]

    /// The network of the table with a name.
    public static func named(_ name: String) -> MENet? { all.first { $0.name == name } }

    /// Name in model files, such as `menet-228-12x1`.
    public var name: String { "menet-\(width)-\(fusion)x1" }

    /// Appends the first convolution, the pooling and the three stages.
    public func features(of image: Graph.Value, in graph: inout Graph) -> BackboneFeatures {
        let first = graph.normalizedConv(
            image, stem, kernel: 3, stride: 2, epsilon: epsilon, name: "stem")
        let pool = graph.maxPool(first, kernel: 3, stride: 2, padding: 1)
        var maps = [pool]
        for (index, count) in Self.repeats.enumerated() {
            maps.append(stage(index, count, of: maps[index], in: &graph))
        }
        return BackboneFeatures(stride4: pool, stride8: maps[1], c4: maps[2], c5: maps[3])
    }

    private func stage(
        _ index: Int, _ count: Int, of input: Graph.Value, in graph: inout Graph
    ) -> Graph.Value {
        graph.scoped("stage\(index + 2)") { graph in
            (0..<count).reduce(input) { x, number in
                graph.scoped("\(number)") { graph in
                    number == 0
                        ? halving(x, to: width << index, isFirst: index == 0, in: &graph)
                        : keeping(x, in: &graph)
                }
            }
        }
    }

    /// The module of stride 2: the averaged input is appended to the branch.
    private func halving(
        _ x: Graph.Value, to outputs: Int, isFirst: Bool, in graph: inout Graph
    ) -> Graph.Value {
        let inputs = graph.shape(x).channels
        let branch = branch(
            x, bottleneck: outputs / 4, outputs: outputs - inputs, stride: 2,
            entryGroups: isFirst ? 1 : groups, in: &graph)
        let identity = graph.averagePool(x, kernel: 3, stride: 2, padding: 1)
        return graph.relu(graph.concatenate(branch, identity))
    }

    /// The module of stride 1: the input is added to the branch.
    private func keeping(_ x: Graph.Value, in graph: inout Graph) -> Graph.Value {
        let channels = graph.shape(x).channels
        let branch = branch(
            x, bottleneck: channels / 4, outputs: channels, stride: 1, entryGroups: groups,
            in: &graph)
        return graph.relu(graph.add(x, branch))
    }

    private func branch(
        _ x: Graph.Value, bottleneck: Int, outputs: Int, stride: Int, entryGroups: Int,
        in graph: inout Graph
    ) -> Graph.Value {
        let narrow = graph.normalizedConv(
            x, bottleneck, kernel: 1, groups: entryGroups, epsilon: epsilon, name: "reduce")
        let mixed = graph.shuffle(narrow, groups: groups)
        let gate = fusionGate(mixed, bottleneck: bottleneck, stride: stride, in: &graph)
        let plane = graph.normalizedDepthwise(
            mixed, kernel: 3, stride: stride, epsilon: epsilon, isRectified: false,
            name: "depthwise")
        let gated = graph.multiply(plane, gate)
        return graph.normalizedConv(
            gated, outputs, kernel: 1, groups: groups, epsilon: epsilon, isRectified: false,
            name: "expand")
    }

    /// Merging, evolution, and the sigmoid gate of the main path.
    private func fusionGate(
        _ x: Graph.Value, bottleneck: Int, stride: Int, in graph: inout Graph
    ) -> Graph.Value {
        graph.scoped("fusion") { graph in
            let merged = graph.normalizedConv(
                x, fusion, kernel: 1, epsilon: epsilon, name: "merge")
            let evolved = graph.normalizedConv(
                merged, fusion, kernel: 3, stride: stride, epsilon: epsilon, name: "evolve")
            let spread = graph.normalizedConv(
                evolved, bottleneck, kernel: 1, epsilon: epsilon, isRectified: false,
                name: "spread")
            return graph.sigmoid(spread)
        }
    }
}

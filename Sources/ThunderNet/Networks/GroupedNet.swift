import Tensors

/// The common form of ShuffleNet and MENet: three stages of bottlenecks with grouped pointwise convolutions.
struct GroupedNet {
    /// Channels of the first stage; the others have two and four times as many.
    let width: Int
    /// Groups of the pointwise convolutions.
    let groups: Int
    /// Channels of the first convolution.
    let stem: Int
    /// Channels of MENet's narrow fusion path; nil for ShuffleNet, which has none.
    let fusion: Int?
    let epsilon: Float
    private static let repeats = [4, 8, 4]

    /// Appends the first convolution, the pooling and the three stages.
    func features(of image: Graph.Value, in graph: inout Graph) -> BackboneFeatures {
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
        let gate = fusion.map { channels in
            fusionGate(mixed, channels, bottleneck: bottleneck, stride: stride, in: &graph)
        }
        let plane = graph.normalizedDepthwise(
            mixed, kernel: 3, stride: stride, epsilon: epsilon, isRectified: false,
            name: "depthwise")
        let gated = gate.map { graph.multiply(plane, $0) } ?? plane
        return graph.normalizedConv(
            gated, outputs, kernel: 1, groups: groups, epsilon: epsilon, isRectified: false,
            name: "expand")
    }

    /// Merging, evolution, and the sigmoid gate of the main path.
    private func fusionGate(
        _ x: Graph.Value, _ fusion: Int, bottleneck: Int, stride: Int, in graph: inout Graph
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

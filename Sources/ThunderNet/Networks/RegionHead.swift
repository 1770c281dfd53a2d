import Tensors

/// The detection head (ThunderNet, section 3.2): a dense layer of 1,024, then class scores and boxes.
public struct RegionHead: Hashable, Sendable {
    /// Whether one box serves all classes.
    public enum Boxes: String, Hashable, Sendable, CaseIterable {
        /// Four numbers a region, as the paper's cost tells.
        case classAgnostic = "class-agnostic"
        /// Four numbers a region and class, as the official repository has it.
        case classSpecific = "class-specific"
    }

    /// Width of the dense layers.
    public var width: Int = 1024
    /// Dense layers: one in the paper, two in the official repository.
    public var layers: Int = 1
    /// Classes without the background.
    public var classes: Int
    /// Whether one box serves all classes.
    public var boxes: Boxes

    /// Numbers of a region's box output.
    var boxChannels: Int { boxes == .classAgnostic ? 4 : 4 * classes }

    /// Appends the head and declares `classLogits` and `boxDeltas`.
    ///
    /// The first dense layer is `head.dense`, a second one `head.dense2`; rectification follows each.
    func callAsFunction(_ pooled: Graph.Value, in graph: inout Graph) {
        graph.scoped("head") { graph in
            let hidden = (1...layers).reduce(pooled) { x, number in
                let suffix = number == 1 ? "" : "\(number)"
                let dense = graph.dense(x, width, name: "dense\(suffix)")
                return graph.relu(dense, name: "relu\(suffix)")
            }
            graph.output(graph.dense(hidden, classes + 1, name: "classes"), name: "classLogits")
            graph.output(graph.dense(hidden, boxChannels, name: "boxes"), name: "boxDeltas")
        }
    }
}

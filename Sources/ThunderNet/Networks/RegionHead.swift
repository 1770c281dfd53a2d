import Tensors

/// The detection head (ThunderNet, section 3.2): a dense layer of 1,024, then class scores and boxes.
public struct RegionHead: Hashable, Sendable {
    /// One box for all classes, or one per class.
    public enum Boxes: String, Hashable, Sendable, CaseIterable {
        /// Four numbers per region, which matches the paper's cost.
        case classAgnostic = "class-agnostic"
        /// Four numbers per region and class, as in the official repository.
        case classSpecific = "class-specific"
    }

    /// Width of the dense layers.
    public var width: Int = 1024
    /// Dense layers: one in the paper, two in the official repository.
    public var layers: Int = 1
    /// Classes without the background.
    public var classes: Int
    /// One box for all classes, or one per class.
    public var boxes: Boxes

    /// Box outputs per region.
    var boxChannels: Int { boxes == .classAgnostic ? 4 : 4 * classes }

    /// Appends the head and declares `classLogits` and `boxDeltas`.
    ///
    /// The first dense layer is `head.dense`, the second `head.dense2`; a ReLU follows each.
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

/// What can be computed where a layer stores its result.
public enum Activation: String, Hashable, Sendable {
    /// Nothing.
    case none
    /// max(x, 0).
    case relu
    /// 1 / (1 + e^−x).
    case sigmoid
}

/// A convolution or dense layer with bias, and the activation that can be fused into it.
///
/// The list of these is a reading of a ``FoldedNetwork``'s graph, for the plan to take layer by
/// layer.
public struct FusedLayer: Sendable {
    /// The node of the convolution or dense layer.
    public let node: Int
    /// The node whose value the fused layer gives: its activation's, or its own.
    public let result: Int
    /// What is applied to the sums.
    public let activation: Activation

    /// The layers of a graph, each with an activation where that is its only reader.
    public static func layers(of graph: Graph) -> [FusedLayer] {
        let uses = Uses(graph)
        return graph.nodes.indices.compactMap { index in
            switch graph.nodes[index].operation {
            case .convolution, .dense: break
            default: return nil
            }
            let reader = uses.onlyReader(of: index)
            switch reader.map({ graph.nodes[$0].operation }) {
            case .relu: return FusedLayer(node: index, result: reader ?? index, activation: .relu)
            case .sigmoid:
                return FusedLayer(node: index, result: reader ?? index, activation: .sigmoid)
            default: return FusedLayer(node: index, result: index, activation: .none)
            }
        }
    }
}

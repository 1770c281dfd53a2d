import Tensors

/// The spatial attention module (ThunderNet, section 3.3, figure 5): proposal features gate the context map.
///
/// The gate is per channel and cell. The gated map feeds RoI pooling only, not the proposals.
public struct SpatialAttention: Hashable, Sendable {
    /// Added to variances for numerical stability.
    public var epsilon: Float

    /// Appends the module; the result has the shape of `context`.
    func callAsFunction(
        _ context: Graph.Value, features: Graph.Value, in graph: inout Graph
    ) -> Graph.Value {
        graph.scoped("attention") { graph in
            let map = graph.conv(features, graph.shape(context).channels, kernel: 1)
            let gate = graph.sigmoid(graph.normalize(map, epsilon: epsilon))
            return graph.multiply(context, gate)
        }
    }
}

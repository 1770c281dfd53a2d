import Tensors

/// The context enhancement module (ThunderNet, section 3.2, figure 4): C4, C5 and the whole picture's mean in one map.
///
/// The convolutions have biases, and neither normalisation nor rectification follows them.
public struct ContextEnhancement: Hashable, Sendable {
    /// Channels of the result: depth × bins × bins of the region pooling.
    public var channels: Int

    /// Appends the module; the result has the plane of `c4`.
    func callAsFunction(
        _ c4: Graph.Value, _ c5: Graph.Value, in graph: inout Graph
    ) -> Graph.Value {
        graph.scoped("context") { graph in
            let local = graph.conv(c4, channels, kernel: 1, bias: true, name: "c4")
            let coarse = graph.conv(c5, channels, kernel: 1, bias: true, name: "c5")
            let wide = graph.upsample(coarse, like: c4)
            let mean = graph.globalAverage(c5)
            let scene = graph.conv(mean, channels, kernel: 1, bias: true, name: "global")
            return graph.add(local, wide, scene)
        }
    }
}

import Tensors

/// The context enhancement module (ThunderNet, section 3.2, figure 4): the sum of C4, C5 and the global average of C5.
///
/// The convolutions have biases, without normalisation or ReLU.
public struct ContextEnhancement: Hashable, Sendable {
    /// Channels of the result: depth × bins × bins of the RoI pooling.
    public var channels: Int

    /// Appends the module.
    ///
    /// The result has the height and width of `c4`.
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

import Tensors

/// The context enhancement module (ThunderNet, section 3.2, figure 4): the sum of C4, C5 and the global average of C5.
///
/// The convolutions have biases, without normalisation or ReLU. With stride 8, an extension of this project for small
/// objects, C3 is added to the enlarged sum.
public struct ContextEnhancement: Hashable, Sendable {
    /// Channels of the result: depth × bins × bins of the RoI pooling.
    public var channels: Int
    /// Pixels of the input per cell of the result: 16, the paper's, or 8.
    public var stride = 16

    /// Appends the module.
    ///
    /// The result has the height and width of C4, or of C3 with stride 8.
    func callAsFunction(_ features: BackboneFeatures, in graph: inout Graph) -> Graph.Value {
        graph.scoped("context") { graph in
            let local = graph.conv(features.c4, channels, kernel: 1, bias: true, name: "c4")
            let coarse = graph.conv(features.c5, channels, kernel: 1, bias: true, name: "c5")
            let wide = graph.upsample(coarse, like: features.c4)
            let mean = graph.globalAverage(features.c5)
            let scene = graph.conv(mean, channels, kernel: 1, bias: true, name: "global")
            let context = graph.add(local, wide, scene)
            guard stride == 8 else { return context }
            let fine = graph.conv(features.stride8, channels, kernel: 1, bias: true, name: "c3")
            let enlarged = graph.upsample(context, like: features.stride8, name: "enlarge")
            return graph.add(fine, enlarged, name: "fineSum")
        }
    }
}

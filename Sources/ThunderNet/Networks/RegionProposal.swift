import Tensors

/// The compressed region proposal network (ThunderNet, section 3.2): depthwise 5×5, pointwise, two sibling outputs.
public struct RegionProposal: Hashable, Sendable {
    /// Form of the objectness of an anchor.
    public enum Objectness: String, Hashable, Sendable, CaseIterable {
        /// One logit per anchor, for a sigmoid.
        case sigmoid
        /// Two logits per anchor, for a softmax: first the background of all anchors, then the object.
        case softmax

        /// Channels per anchor.
        var channelsPerAnchor: Int { self == .sigmoid ? 1 : 2 }
    }

    /// Outputs of the module.
    struct Outputs {
        /// The features that both outputs and the attention module read.
        var features: Graph.Value
        /// Logits, one or two channels per anchor.
        var objectness: Graph.Value
        /// Box deltas, four adjacent channels per anchor.
        var deltas: Graph.Value
    }

    /// Channels of the features.
    public var channels: Int = 256
    /// Side of the depthwise kernel.
    public var kernel: Int = 5
    /// Anchors per cell.
    public var anchors: Int
    /// Form of the objectness.
    public var objectness: Objectness
    /// Added to variances for numerical stability.
    public var epsilon: Float

    /// Appends the module.
    func callAsFunction(_ context: Graph.Value, in graph: inout Graph) -> Outputs {
        graph.scoped("proposal") { graph in
            let plane = graph.normalizedDepthwise(
                context, kernel: kernel, epsilon: epsilon, isRectified: true, name: "depthwise")
            let features = graph.normalizedConv(
                plane, channels, kernel: 1, epsilon: epsilon, name: "pointwise")
            return Outputs(
                features: features,
                objectness: graph.conv(
                    features, anchors * objectness.channelsPerAnchor, kernel: 1, bias: true,
                    name: "objectness"),
                deltas: graph.conv(features, 4 * anchors, kernel: 1, bias: true, name: "deltas"))
        }
    }
}

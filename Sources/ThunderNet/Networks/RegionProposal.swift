import Tensors

/// The compressed region proposal network (ThunderNet, section 3.2): depthwise 5×5, pointwise, two siblings.
public struct RegionProposal: Hashable, Sendable {
    /// How an anchor's likeness to an object is expressed.
    public enum Objectness: String, Hashable, Sendable, CaseIterable {
        /// One number an anchor, read through the logistic function.
        case sigmoid
        /// Two numbers an anchor: first all of "nothing", then all of "object".
        case softmax

        /// Channels that one anchor takes.
        var channelsPerAnchor: Int { self == .sigmoid ? 1 : 2 }
    }

    /// What the module gives.
    struct Outputs {
        /// The features both siblings read, for the attention module too.
        var features: Graph.Value
        /// Logits: anchors, or twice as many, as channels.
        var objectness: Graph.Value
        /// Four numbers an anchor, side by side.
        var deltas: Graph.Value
    }

    /// Channels of the features.
    public var channels: Int = 256
    /// Side of the depthwise kernel.
    public var kernel: Int = 5
    /// Anchors per cell.
    public var anchors: Int
    /// How objectness is expressed.
    public var objectness: Objectness
    /// What is added to a variance before its root is taken.
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

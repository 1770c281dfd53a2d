import Tensors

/// The two units of ShuffleNetV2 (arXiv 1807.11164, figure 3), in the published variants.
public struct ShuffleUnit: Hashable, Sendable {
    /// Split of the output channels between the two branches of a unit of stride 2.
    public enum Branches: String, Hashable, Sendable, CaseIterable {
        /// Half each, as in the ShuffleNetV2 paper.
        case even
        /// The left branch keeps the number of input channels, the right branch gives the rest.
        case keep
    }

    /// Position of the channel shuffle.
    ///
    /// Both variants are equivalent up to the order of channels.
    public enum Shuffle: String, Hashable, Sendable, CaseIterable {
        /// After the concatenation of every unit: out[2i] = left[i], out[2i + 1] = right[i].
        case afterConcatenation = "after-concatenation"
        /// At the start of units of stride 1: even channels pass, odd ones enter the branch.
        case beforeSplit = "before-split"
    }

    /// Split of the output channels in a unit of stride 2.
    public var branches = Branches.even
    /// Position of the channel shuffle.
    public var shuffle = Shuffle.afterConcatenation
    /// Added to variances for numerical stability.
    public var epsilon: Float = 1e-5

    /// Creates the recommended variant.
    public init() {}

    /// The unit of stride 2.
    func halving(
        _ x: Graph.Value, to outputs: Int, kernel: Int, in graph: inout Graph
    ) -> Graph.Value {
        let inputs = graph.shape(x).channels
        let kept = branches == .even ? outputs / 2 : inputs
        let left = graph.scoped("left") { graph in
            let plane = graph.normalizedDepthwise(
                x, kernel: kernel, stride: 2, epsilon: epsilon, isRectified: false,
                name: "depthwise")
            return graph.normalizedConv(plane, kept, kernel: 1, epsilon: epsilon, name: "pointwise")
        }
        let right = branch(
            x, middle: outputs / 2, outputs: outputs - kept, kernel: kernel, stride: 2, in: &graph)
        return joined(left, right, in: &graph)
    }

    /// The unit of stride 1, which passes half of its channels unchanged.
    func keeping(_ x: Graph.Value, kernel: Int, in graph: inout Graph) -> Graph.Value {
        let half = graph.shape(x).channels / 2
        let mixed = shuffle == .beforeSplit ? graph.shuffle(x, groups: half) : x
        let left = graph.slice(mixed, 0..<half, name: "left")
        let entering = graph.slice(mixed, half..<2 * half, name: "entering")
        let right = branch(
            entering, middle: half, outputs: half, kernel: kernel, stride: 1, in: &graph)
        return joined(left, right, in: &graph)
    }

    private func branch(
        _ x: Graph.Value, middle: Int, outputs: Int, kernel: Int, stride: Int, in graph: inout Graph
    ) -> Graph.Value {
        graph.scoped("right") { graph in
            let reduced = graph.normalizedConv(
                x, middle, kernel: 1, epsilon: epsilon, name: "reduce")
            let plane = graph.normalizedDepthwise(
                reduced, kernel: kernel, stride: stride, epsilon: epsilon, isRectified: false,
                name: "depthwise")
            return graph.normalizedConv(plane, outputs, kernel: 1, epsilon: epsilon, name: "expand")
        }
    }

    private func joined(
        _ left: Graph.Value, _ right: Graph.Value, in graph: inout Graph
    ) -> Graph.Value {
        let both = graph.concatenate(left, right)
        return shuffle == .afterConcatenation ? graph.shuffle(both, groups: 2) : both
    }
}

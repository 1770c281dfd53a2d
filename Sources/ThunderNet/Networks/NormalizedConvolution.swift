import Tensors

/// The commonest three layers: a convolution without bias, batch normalisation, rectification.
extension Graph {
    /// Appends `name.conv`, `name.norm` and, unless told otherwise, `name.relu`.
    mutating func normalizedConv(
        _ x: Value, _ outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
        epsilon: Float, isRectified: Bool = true, name: String
    ) -> Value {
        scoped(name) { graph in
            let map = graph.conv(x, outputs, kernel: kernel, stride: stride, groups: groups)
            let normal = graph.normalize(map, epsilon: epsilon)
            return isRectified ? graph.relu(normal) : normal
        }
    }

    /// The same for every channel by itself.
    mutating func normalizedDepthwise(
        _ x: Value, kernel: Int, stride: Int = 1, epsilon: Float, isRectified: Bool, name: String
    ) -> Value {
        let channels = shape(x).channels
        return normalizedConv(
            x, channels, kernel: kernel, stride: stride, groups: channels, epsilon: epsilon,
            isRectified: isRectified, name: name)
    }
}

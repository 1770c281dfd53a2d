import Tensors

/// A convolution without bias, batch normalisation and ReLU.
extension Graph {
    /// Appends `name.conv`, `name.norm` and, if rectified, `name.relu`.
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

    /// Appends a depthwise convolution with normalisation and optional ReLU.
    mutating func normalizedDepthwise(
        _ x: Value, kernel: Int, stride: Int = 1, epsilon: Float, isRectified: Bool, name: String
    ) -> Value {
        let channels = shape(x).channels
        return normalizedConv(
            x, channels, kernel: kernel, stride: stride, groups: channels, epsilon: epsilon,
            isRectified: isRectified, name: name)
    }
}

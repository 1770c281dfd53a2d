public import Tensors

extension Graph {
    /// The same network with less reduction in its first layers, for small images.
    ///
    /// Layers that reduce maps of `stride` or more up to stride 4 keep their size instead, so that `stride` 2 leaves
    /// out the second reduction and 1 both. Kernels and names stay, and with them the weights.
    public func withStemStride(_ stride: Int) -> Graph {
        guard stride < 4 else { return self }
        var graph = Graph()
        var values: [Value] = []
        // Strides of the unchanged network.
        var strides: [Int] = []
        for node in nodes {
            let before = node.inputs.map { strides[$0.index] }.max() ?? 1
            strides.append(before * node.operation.stride)
            let isKept = before >= stride && before < 4
            values.append(
                graph.append(
                    isKept ? node.operation.withoutStride : node.operation,
                    node.inputs.map { values[$0.index] }, name: node.name,
                    shape: node.operation == .input ? node.shape : nil))
        }
        for output in outputs { graph.output(values[output.value.index], name: output.name) }
        return graph
    }
}

extension Operation {
    fileprivate var stride: Int {
        switch self {
        case .convolution(let layer): layer.stride
        case .maxPool(let window), .averagePool(let window): window.stride
        default: 1
        }
    }

    fileprivate var withoutStride: Operation {
        switch self {
        case .convolution(var layer):
            layer.stride = 1
            return .convolution(layer)
        case .maxPool(var window):
            window.stride = 1
            return .maxPool(window)
        case .averagePool(var window):
            window.stride = 1
            return .averagePool(window)
        default: return self
        }
    }
}

/// Reference implementation of a graph: runs node after node on the reference kernels.
///
/// Slow; ``Plan`` is tested against it.
public struct Interpreter: Sendable {
    private let graph: Graph
    private let weights: Weights
    /// Index of each node's last consumer; the number of nodes for an output.
    private let lastUses: [Int]

    /// Creates an interpreter.
    ///
    /// The weights must include those of the graph's manifest.
    public init(_ graph: Graph, _ weights: Weights) {
        for entry in WeightManifest(graph).entries {
            precondition(
                weights.find(entry.name)?.dims == entry.dims, "weights do not fit: \(entry.name)")
        }
        self.graph = graph
        self.weights = weights
        var lastUses = Array(graph.nodes.indices)
        for (index, node) in graph.nodes.enumerated() {
            for input in node.inputs { lastUses[input.index] = index }
        }
        for output in graph.outputs { lastUses[output.value.index] = graph.nodes.count }
        self.lastUses = lastUses
    }

    /// Computes the outputs by name from the inputs by full name.
    ///
    /// Inputs are feature maps of the declared shapes, or tensors of the same count such as
    /// `[1, channels, height, width]`.
    public func run(_ inputs: [String: Tensor]) -> [String: Tensor] {
        var values = [Tensor?](repeating: nil, count: graph.nodes.count)
        for index in graph.nodes.indices {
            values[index] = compute(index, inputs, values)
            for input in graph.nodes[index].inputs where lastUses[input.index] == index {
                values[input.index] = nil
            }
        }
        return Dictionary(
            uniqueKeysWithValues: graph.outputs.compactMap { output in
                values[output.value.index].map { (output.name, $0) }
            })
    }

    /// Computes the value of every node, in the order of ``Graph/nodes``.
    public func allValues(_ inputs: [String: Tensor]) -> [Tensor] {
        var values: [Tensor?] = []
        for index in graph.nodes.indices { values.append(compute(index, inputs, values)) }
        return values.compactMap { $0 }
    }

    private func compute(_ index: Int, _ inputs: [String: Tensor], _ values: [Tensor?]) -> Tensor {
        let node = graph.nodes[index]
        guard node.operation != .input else { return given(node, inputs) }
        let operands = node.inputs.map { input in
            guard let value = values[input.index] else {
                preconditionFailure("\(node.name) reads a value that is gone")
            }
            return value
        }
        let result = apply(node, operands)
        assert(result.shape == node.shape)
        return result
    }

    private func given(_ node: Graph.Node, _ inputs: [String: Tensor]) -> Tensor {
        guard let tensor = inputs[node.name] else {
            preconditionFailure("the input \(node.name) is not given")
        }
        return tensor.reshaped(to: node.shape)
    }

    private func apply(_ node: Graph.Node, _ x: [Tensor]) -> Tensor {
        switch node.operation {
        case .input: preconditionFailure("an input is given, not computed")
        case .convolution(let convolution):
            let bias = convolution.hasBias ? weights["\(node.name).bias"] : nil
            return Reference.convolution(
                x[0], convolution, weight: weights["\(node.name).weight"], bias: bias)
        case .normalization(let epsilon):
            return Reference.normalization(x[0], weights.statistics(node.name, epsilon))
        case .relu: return Reference.relu(x[0])
        case .sigmoid: return Reference.sigmoid(x[0])
        case .maxPool(let window): return Reference.maxPool(x[0], window)
        case .averagePool(let window): return Reference.averagePool(x[0], window)
        case .globalAverage: return Reference.globalAverage(x[0])
        case .upsample: return Reference.upsample(x[0], to: x[1].shape)
        case .slice(let range): return Reference.slice(x[0], range)
        case .concatenation: return Reference.concatenation(x)
        case .shuffle(let groups): return Reference.shuffle(x[0], groups: groups)
        case .add: return Reference.add(x, shape: node.shape)
        case .multiply: return Reference.multiply(x[0], x[1])
        case .dense:
            return Reference.dense(
                x[0], weight: weights["\(node.name).weight"], bias: weights["\(node.name).bias"])
        case .regionPool(let pool): return Reference.regionPool(x[0], x[1], pool)
        }
    }
}

extension Weights {
    /// The statistics of a normalisation node.
    func statistics(_ node: String, _ epsilon: Float) -> NormStatistics {
        NormStatistics(
            scale: self["\(node).weight"], shift: self["\(node).bias"],
            mean: self["\(node).mean"], variance: self["\(node).variance"], epsilon: epsilon)
    }
}

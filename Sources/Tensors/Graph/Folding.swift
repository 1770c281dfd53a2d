/// The fold pass: an equivalent network without normalisations, for inference.
public struct FoldedNetwork: Sendable {
    /// The graph, with biased convolutions in place of normalised ones.
    ///
    /// Convolutions and outputs keep their names.
    public let graph: Graph
    /// The weights of ``graph``, folded in Double and rounded once.
    public let weights: Weights

    /// Folds every normalisation into the convolution before it.
    ///
    /// A normalisation after another operation, or after a convolution with other consumers, becomes a depthwise 1×1
    /// convolution with bias under its own name.
    public init(_ graph: Graph, _ weights: Weights) {
        var folder = Folder(graph, weights)
        folder.run()
        self.graph = folder.result
        self.weights = Weights(trusted: folder.tensors)
    }
}

/// The state of one folding.
private struct Folder {
    let graph: Graph
    let weights: Weights
    let consumers: Consumers
    var result = Graph()
    var tensors: [String: Tensor] = [:]
    /// The new value of each original node.
    var values: [Graph.Value] = []

    init(_ graph: Graph, _ weights: Weights) {
        self.graph = graph
        self.weights = weights
        consumers = Consumers(graph)
    }

    mutating func run() {
        for index in graph.nodes.indices { values.append(fold(index)) }
        for output in graph.outputs {
            result.output(values[output.value.index], name: output.name)
        }
    }

    private mutating func fold(_ index: Int) -> Graph.Value {
        let node = graph.nodes[index]
        switch node.operation {
        case .convolution(let convolution):
            if let norm = normalization(absorbing: index) {
                return absorb(graph.nodes[norm], into: node, convolution)
            }
        case .normalization(let epsilon):
            if normalization(absorbing: node.inputs[0].index) == index {
                return values[node.inputs[0].index]
            }
            return replace(node, weights.statistics(node.name, epsilon))
        default: break
        }
        return copy(node)
    }

    /// The normalisation that folds into a convolution, if it is the convolution's only consumer.
    private func normalization(absorbing index: Int) -> Int? {
        guard case .convolution = graph.nodes[index].operation,
            let consumer = consumers.onlyConsumer(of: index),
            case .normalization = graph.nodes[consumer].operation
        else { return nil }
        return consumer
    }

    private mutating func copy(_ node: Graph.Node) -> Graph.Value {
        let inputs = node.inputs.map { graph.shape($0) }
        for entry in node.weightEntries(inputs: inputs) {
            tensors[entry.name] = weights[entry.name]
        }
        return append(node, node.operation)
    }

    private mutating func absorb(
        _ norm: Graph.Node, into node: Graph.Node, _ convolution: Convolution
    ) -> Graph.Value {
        guard case .normalization(let epsilon) = norm.operation else {
            preconditionFailure("\(norm.name) is not a normalisation")
        }
        let statistics = weights.statistics(norm.name, epsilon)
        let bias = convolution.hasBias ? weights["\(node.name).bias"] : nil
        let weight = weights["\(node.name).weight"]
        tensors["\(node.name).weight"] = weight.scaled { statistics.factor($0) }
        tensors["\(node.name).bias"] = Tensor(
            dims: [convolution.outputs],
            (0..<convolution.outputs).map { channel in
                let before = Double(bias?[channel] ?? 0) * statistics.factor(channel)
                return Float(before + statistics.offset(channel))
            })
        var biased = convolution
        biased.hasBias = true
        return append(node, .convolution(biased))
    }

    /// Replaces an unfolded normalisation by a depthwise 1×1 convolution.
    private mutating func replace(_ node: Graph.Node, _ statistics: NormStatistics) -> Graph.Value {
        let channels = node.shape.channels
        tensors["\(node.name).weight"] = Tensor(
            dims: [channels, 1, 1, 1], (0..<channels).map { Float(statistics.factor($0)) })
        tensors["\(node.name).bias"] = Tensor(
            dims: [channels], (0..<channels).map { Float(statistics.offset($0)) })
        return append(
            node,
            .convolution(
                Convolution(outputs: channels, kernel: 1, groups: channels, hasBias: true)))
    }

    private mutating func append(_ node: Graph.Node, _ operation: Operation) -> Graph.Value {
        result.append(
            operation, node.inputs.map { values[$0.index] }, name: node.name, shape: node.shape)
    }
}

extension Tensor {
    /// The tensor with each slice along the first dimension multiplied by its factor, computed in Double.
    fileprivate func scaled(by factor: (Int) -> Double) -> Tensor {
        var result = self
        let perSlice = count / dims[0]
        result.withMutableSpan { span in
            for slice in 0..<dims[0] {
                let factor = factor(slice)
                for index in slice * perSlice..<(slice + 1) * perSlice {
                    span[index] = Float(Double(span[index]) * factor)
                }
            }
        }
        return result
    }
}

public import Tensors

/// A graph as libtorch computes it, with gradients: a reading beside ``Tensors``' others.
///
/// A convolution, the normalisation that alone reads it and the rectification that alone reads that become one call.
/// Maps of a graph are of one picture; here they are of a batch: `[pictures, channels, rows, columns]`. A graph
/// whose rows are regions takes them as `[regions, channels]`, and corners as `[pictures, regions, 4]`.
public struct TorchReading {
    /// The graph that is read.
    public let graph: Graph
    private let parameters: Parameters
    private let options: ReadingOptions
    private let steps: [Step]
    /// For each node, the last step that reads it; the number of steps for an output.
    private let lastUses: [Int]

    /// Nodes that one call computes.
    private struct Step {
        /// The node whose value the call makes.
        var result: Int
        /// The node that begins it.
        var first: Int
        var norm: Int?
        var isRectified = false
    }

    /// Reads a graph whose tensors `parameters` hold.
    public init(_ graph: Graph, _ parameters: Parameters, _ options: ReadingOptions) {
        self.graph = graph
        self.parameters = parameters
        self.options = options
        steps = Self.steps(of: graph)
        var lastUses = Array(repeating: 0, count: graph.nodes.count)
        for (index, step) in steps.enumerated() {
            for input in graph.nodes[step.first].inputs { lastUses[input.index] = index }
        }
        for output in graph.outputs { lastUses[output.value.index] = steps.count }
        self.lastUses = lastUses
    }

    private static func steps(of graph: Graph) -> [Step] {
        let uses = Uses(graph)
        var taken: Set<Int> = []
        var steps: [Step] = []
        for index in graph.nodes.indices where !taken.contains(index) {
            var step = Step(result: index, first: index)
            if case .convolution = graph.nodes[index].operation {
                if let norm = uses.onlyReader(of: index),
                    case .normalization = graph.nodes[norm].operation
                {
                    (step.norm, step.result) = (norm, norm)
                    taken.insert(norm)
                }
                if let relu = uses.onlyReader(of: step.result),
                    graph.nodes[relu].operation == .relu
                {
                    (step.isRectified, step.result) = (true, relu)
                    taken.insert(relu)
                }
            }
            steps.append(step)
        }
        return steps
    }

    /// Computes the outputs by name from the inputs by name.
    public func run(_ inputs: [String: TorchTensor]) throws(TorchError) -> [String: TorchTensor] {
        var values = [TorchTensor?](repeating: nil, count: graph.nodes.count)
        for (index, step) in steps.enumerated() {
            let node = graph.nodes[step.first]
            if node.operation == .input {
                values[step.result] = try given(node, inputs)
                continue
            }
            let operands = node.inputs.map { input in
                guard let value = values[input.index] else {
                    preconditionFailure("\(node.name) reads a value that is gone")
                }
                return value
            }
            values[step.result] = try compute(step, operands)
            for input in node.inputs where lastUses[input.index] == index {
                values[input.index] = nil
            }
        }
        return Dictionary(
            uniqueKeysWithValues: graph.outputs.compactMap { output in
                values[output.value.index].map { (output.name, $0) }
            })
    }

    private func given(
        _ node: Graph.Node, _ inputs: [String: TorchTensor]
    ) throws(TorchError) -> TorchTensor {
        guard let tensor = inputs[node.name] else {
            preconditionFailure("the input \(node.name) is not given")
        }
        // Corners of regions keep their precision.
        guard tensor.dims.count != 3 else { return tensor }
        return try tensor.cast(to: options.type, isChannelsLast: options.isChannelsLast)
    }

    private func compute(_ step: Step, _ x: [TorchTensor]) throws(TorchError) -> TorchTensor {
        let node = graph.nodes[step.first]
        switch node.operation {
        case .input: preconditionFailure("an input is given, not computed")
        case .convolution(let numbers): return try x[0].convolution(layer(step, numbers))
        case .normalization(let epsilon): return try x[0].normalized(norm(node, epsilon))
        case .relu: return try x[0].relu()
        case .sigmoid: return try x[0].sigmoid()
        case .maxPool(let window): return try x[0].maxPool(window)
        case .averagePool(let window): return try x[0].averagePool(window)
        case .globalAverage: return try x[0].globalAverage()
        case .upsample: return try x[0].upsampled(like: x[1])
        case .slice(let range): return try x[0].narrowed(1, range)
        case .concatenation: return try TorchTensor.concatenated(x, along: 1)
        case .shuffle(let groups): return try x[0].shuffled(groups: groups)
        case .add:
            var sum = x[0]
            for term in x.dropFirst() { sum = try sum.adding(term) }
            return sum
        case .multiply: return try x[0].multiplied(by: x[1])
        case .dense:
            return try x[0].dense(
                weight: parameters["\(node.name).weight"], bias: parameters["\(node.name).bias"])
        case .regionPool(let pool): return try x[0].pooled(x[1], pool)
        }
    }

    private func layer(_ step: Step, _ numbers: Convolution) -> TorchConvolution {
        let name = graph.nodes[step.first].name
        var norm: TorchNorm?
        if let index = step.norm, case .normalization(let epsilon) = graph.nodes[index].operation {
            norm = self.norm(graph.nodes[index], epsilon)
        }
        return TorchConvolution(
            weight: parameters["\(name).weight"],
            bias: numbers.hasBias ? parameters["\(name).bias"] : nil, norm: norm, numbers: numbers,
            depthwise: options.depthwise, isRectified: step.isRectified)
    }

    private func norm(_ node: Graph.Node, _ epsilon: Float) -> TorchNorm {
        TorchNorm(
            scale: parameters["\(node.name).weight"], shift: parameters["\(node.name).bias"],
            mean: parameters["\(node.name).mean"],
            variance: parameters["\(node.name).variance"], epsilon: epsilon,
            isLive: options.statistics == .live)
    }
}

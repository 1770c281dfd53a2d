internal import Configuration
public import Tensors

/// Differentiable execution of a graph with libtorch, besides the executors of `Tensors`.
///
/// A convolution with its only consumers normalization and ReLU becomes one call. Graphs describe one image; here maps
/// hold a batch: `[images, channels, rows, columns]`. A graph over regions takes rows `[regions, channels]`, and box
/// corners are `[images, regions, 4]`.
public struct TorchReading {
    /// The executed graph.
    public let graph: Graph
    private let parameters: Parameters
    private let options: ReadingOptions
    private let steps: [Step]
    /// Index of the last step that reads each node; the number of steps for an output.
    private let lastUses: [Int]

    /// Nodes computed by one call.
    fileprivate struct Step {
        /// Node with the result of the call.
        var result: Int
        /// First node of the call.
        var first: Int
        var norm: Int?
        var isRectified = false
        /// Node with the remaining channels, if ``result`` has the first ones.
        var rest: Int?
        /// Shuffle of two groups that follows the concatenation.
        var shuffle: Int?
    }

    /// Creates an executor of a graph; `parameters` holds its tensors.
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
        let uses = Consumers(graph)
        var taken: Set<Int> = []
        var steps: [Step] = []
        for index in graph.nodes.indices where !taken.contains(index) {
            var step = Step(result: index, first: index)
            switch graph.nodes[index].operation {
            case .convolution: graph.extendConvolution(&step, uses)
            case .concatenation: graph.extendConcatenation(&step, uses)
            case .slice: graph.extendSlice(&step)
            default: break
            }
            taken.formUnion([step.result, step.norm, step.shuffle, step.rest].compactMap(\.self))
            steps.append(step)
        }
        return steps
    }

    /// Computes the outputs from the inputs, both by name.
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
                    preconditionFailure("\(node.name) reads a released value")
                }
                return value
            }
            if let rest = step.rest {
                let parts =
                    try step.shuffle == nil
                    ? operands[0].split(at: node.shape.channels)
                    : operands[0].halves(with: operands[1])
                (values[step.result], values[rest]) = parts
            } else {
                values[step.result] = try compute(step, operands)
            }
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
            preconditionFailure("the input \(node.name) is missing")
        }
        // Corners of regions keep float32.
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
        case .concatenation:
            return step.shuffle != nil
                ? try x[0].interleaved(with: x[1]) : try TorchTensor.concatenated(x, along: 1)
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

/// Fusion of consecutive nodes into one call.
extension Graph {
    /// Adds the normalization that is a convolution's only consumer, and the ReLU that is the normalization's.
    fileprivate func extendConvolution(_ step: inout TorchReading.Step, _ uses: Consumers) {
        if let norm = uses.onlyConsumer(of: step.result),
            case .normalization = nodes[norm].operation
        {
            (step.norm, step.result) = (norm, norm)
        }
        if let relu = uses.onlyConsumer(of: step.result), nodes[relu].operation == .relu {
            (step.isRectified, step.result) = (true, relu)
        }
    }

    /// Adds the shuffle of two groups that is the only consumer of a concatenation of two equal shapes.
    fileprivate func extendConcatenation(_ step: inout TorchReading.Step, _ uses: Consumers) {
        let inputs = nodes[step.first].inputs
        guard inputs.count == 2, shape(inputs[0]) == shape(inputs[1]),
            let shuffle = uses.onlyConsumer(of: step.first),
            nodes[shuffle].operation == .shuffle(groups: 2)
        else { return }
        (step.shuffle, step.result) = (shuffle, shuffle)
        let readers = uses.byNode[shuffle]
        guard readers.count == 2, !uses.isOutput[shuffle], readers[1] == readers[0] + 1 else {
            return
        }
        var halves = TorchReading.Step(result: readers[0], first: readers[0])
        extendSlice(&halves)
        guard let rest = halves.rest, shape(inputs[0]).channels == nodes[readers[0]].shape.channels
        else { return }
        (step.result, step.rest) = (readers[0], rest)
    }

    /// Adds the slice of the remaining channels that follows a slice.
    fileprivate func extendSlice(_ step: inout TorchReading.Step) {
        let rest = step.first + 1
        guard rest < nodes.count, nodes[rest].inputs == nodes[step.first].inputs,
            case .slice(let first) = nodes[step.first].operation, first.lowerBound == 0,
            case .slice(let last) = nodes[rest].operation,
            last == first.upperBound..<shape(nodes[rest].inputs[0]).channels
        else { return }
        step.rest = rest
    }
}

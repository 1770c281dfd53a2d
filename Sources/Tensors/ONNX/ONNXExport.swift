extension Graph {
    /// The bytes of an ONNX model (operator set 13) of the network, for other engines.
    ///
    /// Inputs and outputs keep their names and are float32 `[1, channels, height, width]`. Normalisations are exported
    /// unfolded; export a ``FoldedNetwork`` to compare speed.
    ///
    /// - Throws: ``ModelError`` for region pooling, for which ONNX has no operator.
    public func onnx(_ weights: Weights, name: String) throws(ModelError) -> [UInt8] {
        var exporter = ONNXExporter(self, weights)
        for index in nodes.indices { try exporter.write(index) }
        return exporter.model(named: name)
    }
}

/// The state of one export.
struct ONNXExporter {
    let graph: Graph
    let weights: Weights
    private var steps: [WireMessage] = []
    private var constants: [WireMessage] = []
    /// Name of each node's value.
    private let names: [String]

    init(_ graph: Graph, _ weights: Weights) {
        self.graph = graph
        self.weights = weights
        let publicNames = Set(graph.outputs.map(\.name))
        names = graph.nodes.enumerated().map { index, node in
            let output = graph.outputs.first { $0.value.index == index }
            if let output, node.operation != .input { return output.name }
            // Renames a node that has the name of another node's output.
            let isTaken = publicNames.contains(node.name) && node.operation != .input
            return isTaken ? node.name + ".value" : node.name
        }
    }

    mutating func model(named name: String) -> [UInt8] {
        var inputs: [WireMessage] = []
        for node in graph.nodes where node.operation == .input {
            inputs.append(ONNX.value(node.name, node.shape))
        }
        for output in graph.outputs where names[output.value.index] != output.name {
            steps.append(ONNX.node("Identity", [names[output.value.index]], to: output.name))
        }
        var message = WireMessage()
        for step in steps { message.add(1, step) }
        message.add(2, name)
        for constant in constants { message.add(5, constant) }
        for input in inputs { message.add(11, input) }
        for output in graph.outputs {
            message.add(12, ONNX.value(output.name, graph.shape(output.value)))
        }
        return ONNX.model(message).bytes
    }

    mutating func write(_ index: Int) throws(ModelError) {
        let node = graph.nodes[index]
        let inputs = node.inputs.map { names[$0.index] }
        let output = names[index]
        switch node.operation {
        case .input: break
        case .convolution(let convolution):
            step("Conv", inputs + parameters(of: node), to: output, convolution.attributes)
        case .normalization(let epsilon):
            step(
                "BatchNormalization", inputs + parameters(of: node), to: output,
                ["epsilon": .float(epsilon)])
        case .relu: step("Relu", inputs, to: output)
        case .sigmoid: step("Sigmoid", inputs, to: output)
        case .maxPool(let window): step("MaxPool", inputs, to: output, window.attributes)
        case .averagePool(let window):
            step("AveragePool", inputs, to: output, window.attributesCountingPadding)
        case .globalAverage: step("GlobalAveragePool", inputs, to: output)
        case .upsample: resize(node, inputs[0], to: output)
        case .slice(let range): slice(node, inputs[0], range, to: output)
        case .concatenation: step("Concat", inputs, to: output, ["axis": .int(1)])
        case .shuffle(let groups): shuffle(node, inputs[0], groups, to: output)
        case .add: sum(node, inputs, to: output)
        case .multiply: step("Mul", inputs, to: output)
        case .dense: dense(node, inputs[0], to: output)
        case .regionPool:
            throw ModelError(
                .unsupported, problem: "\(node.name) pools regions, for which ONNX has no operator",
                advice: "Export the network up to its raw heads.")
        }
    }

    private mutating func step(
        _ type: String, _ inputs: [String], to output: String,
        _ attributes: KeyValuePairs<String, ONNX.Attribute> = [:]
    ) {
        steps.append(ONNX.node(type, inputs, to: output, attributes: attributes))
    }

    /// Adds the node's weights as constants and returns their names in the order of the ONNX operator.
    private mutating func parameters(of node: Graph.Node) -> [String] {
        let entries = node.weightEntries(inputs: node.inputs.map { graph.shape($0) })
        for entry in entries { constants.append(ONNX.tensor(entry.name, weights[entry.name])) }
        return entries.map(\.name)
    }

    private mutating func integers(_ name: String, _ values: [Int]) -> String {
        constants.append(ONNX.integers(name, values))
        return name
    }
}

/// Operations that need several ONNX nodes or constants.
extension ONNXExporter {
    /// Nearest-neighbour upsampling by `Resize` for integer ratios, by two gathers for others.
    ///
    /// `Resize` divides in float32, which rounds to the wrong pixel for ratios such as 20 to 24.
    private mutating func resize(_ node: Graph.Node, _ input: String, to output: String) {
        let (from, to) = (graph.shape(node.inputs[0]), node.shape)
        guard to.height % from.height == 0, to.width % from.width == 0 else {
            let rows = integers(
                node.name + ".rows", (0..<to.height).map { $0 * from.height / to.height })
            let columns = integers(
                node.name + ".columns", (0..<to.width).map { $0 * from.width / to.width })
            step("Gather", [input, rows], to: node.name + ".tall", ["axis": .int(2)])
            step("Gather", [node.name + ".tall", columns], to: output, ["axis": .int(3)])
            return
        }
        let sizes = integers(node.name + ".sizes", node.shape.batchDims)
        step(
            "Resize", [input, "", "", sizes], to: output,
            [
                "mode": .string("nearest"), "nearest_mode": .string("floor"),
                "coordinate_transformation_mode": .string("asymmetric"),
            ])
    }

    private mutating func slice(
        _ node: Graph.Node, _ input: String, _ range: Range<Int>, to output: String
    ) {
        let starts = integers(node.name + ".starts", [range.lowerBound])
        let ends = integers(node.name + ".ends", [range.upperBound])
        let axes = integers(node.name + ".axes", [1])
        step("Slice", [input, starts, ends, axes], to: output)
    }

    private mutating func shuffle(
        _ node: Graph.Node, _ input: String, _ groups: Int, to output: String
    ) {
        let shape = node.shape
        let split = [1, groups, shape.channels / groups, shape.height, shape.width]
        reshape(input, split, to: node.name + ".split")
        step(
            "Transpose", [node.name + ".split"], to: node.name + ".transposed",
            ["perm": .ints([0, 2, 1, 3, 4])])
        reshape(node.name + ".transposed", shape.batchDims, to: output)
    }

    /// Pairwise sums, which broadcast 1×1 maps.
    private mutating func sum(_ node: Graph.Node, _ inputs: [String], to output: String) {
        guard inputs.count > 1 else { return step("Identity", inputs, to: output) }
        var sum = inputs[0]
        for (index, term) in inputs.enumerated().dropFirst() {
            let result = index == inputs.count - 1 ? output : "\(node.name).partial\(index)"
            step("Add", [sum, term], to: result)
            sum = result
        }
    }

    /// A matrix product over the pixels: `[pixels, inputs]` times the transposed weights.
    private mutating func dense(_ node: Graph.Node, _ input: String, to output: String) {
        let depth = graph.shape(node.inputs[0]).channels
        let (name, places) = (node.name, node.shape.area)
        reshape(input, [depth, places], to: name + ".columns")
        step("Transpose", [name + ".columns"], to: name + ".rows", ["perm": .ints([1, 0])])
        step(
            "Gemm", [name + ".rows"] + parameters(of: node), to: name + ".product",
            ["transB": .int(1)])
        step("Transpose", [name + ".product"], to: name + ".transposed", ["perm": .ints([1, 0])])
        reshape(name + ".transposed", node.shape.batchDims, to: output)
    }

    private mutating func reshape(_ input: String, _ dims: [Int], to output: String) {
        let shape = integers(output + ".shape", dims)
        step("Reshape", [input, shape], to: output)
    }
}

extension Convolution {
    fileprivate var attributes: KeyValuePairs<String, ONNX.Attribute> {
        [
            "kernel_shape": .ints([kernel, kernel]), "strides": .ints([stride, stride]),
            "pads": .ints([padding, padding, padding, padding]), "group": .int(groups),
        ]
    }
}

extension Window {
    fileprivate var attributes: KeyValuePairs<String, ONNX.Attribute> {
        [
            "kernel_shape": .ints([kernel, kernel]), "strides": .ints([stride, stride]),
            "pads": .ints([padding, padding, padding, padding]),
        ]
    }

    fileprivate var attributesCountingPadding: KeyValuePairs<String, ONNX.Attribute> {
        [
            "kernel_shape": .ints([kernel, kernel]), "strides": .ints([stride, stride]),
            "pads": .ints([padding, padding, padding, padding]), "count_include_pad": .int(1),
        ]
    }
}

/// A network as data: nodes in topological order.
///
/// Built by methods such as ``conv(_:_:kernel:stride:groups:bias:name:)``, which check shapes. ``Cost`` counts a
/// finished graph, ``WeightManifest`` lists its weights, ``FoldedNetwork`` folds normalisations, ``Interpreter`` and
/// ``Plan`` run it, and ``onnx(_:name:)`` exports it. Errors while building are programming errors and stop the
/// program; input from outside cannot cause one.
public struct Graph: Sendable {
    /// The output of one node.
    public struct Value: Hashable, Sendable {
        /// Position of the node in ``Graph/nodes``.
        public let index: Int
    }

    /// One operation of the network.
    public struct Node: Sendable {
        /// Dotted unique name.
        ///
        /// Weights are named `name.weight` and so on.
        public let name: String
        /// The operation.
        public let operation: Operation
        /// The inputs, all of earlier nodes.
        public let inputs: [Value]
        /// Shape of the result.
        public let shape: Shape
    }

    /// A named result.
    public struct Output: Sendable {
        /// Name of the result, such as `objectness`.
        public let name: String
        /// The value.
        public let value: Value
    }

    /// All nodes in topological order.
    public private(set) var nodes: [Node] = []
    /// The results in the order of declaration.
    public private(set) var outputs: [Output] = []
    private var scope: [String] = []
    private var names: Set<String> = []

    /// An empty network.
    public init() {}

    /// The node that computes a value.
    public subscript(value: Value) -> Node { nodes[value.index] }

    /// Shape of a value.
    public func shape(_ value: Value) -> Shape { nodes[value.index].shape }

    /// Builds with the prefix `name.` for every name inside.
    public mutating func scoped<Result>(
        _ name: String, _ build: (inout Graph) -> Result
    ) -> Result {
        scope.append(name)
        defer { scope.removeLast() }
        return build(&self)
    }

    /// Declares a result.
    public mutating func output(_ value: Value, name: String) {
        precondition(!outputs.contains { $0.name == name }, "output \(name) is declared twice")
        outputs.append(Output(name: name, value: value))
    }

    /// Appends a node.
    ///
    /// ``Operation/shape(of:)`` derives its shape.
    ///
    /// The shape of an input must be given. A shape given for another operation must equal the derived one.
    public mutating func append(
        _ operation: Operation, _ inputs: [Value], name: String, shape: Shape? = nil
    ) -> Value {
        let full = (scope + [name]).joined(separator: ".")
        precondition(names.insert(full).inserted, "two nodes are named \(full)")
        precondition(
            inputs.allSatisfy { nodes.indices.contains($0.index) },
            "\(full) reads a value of another graph")
        let result = self.shape(of: operation, inputs, given: shape)
        nodes.append(Node(name: full, operation: operation, inputs: inputs, shape: result))
        return Value(index: nodes.count - 1)
    }

    private func shape(of operation: Operation, _ inputs: [Value], given: Shape?) -> Shape {
        if operation == .input, let given { return given }
        let derived = operation.shape(of: inputs.map { self.shape($0) })
        precondition(given == nil || given == derived, "the result is \(derived)")
        return derived
    }
}

/// Operations.
extension Graph {
    /// Appends an input.
    public mutating func input(_ shape: Shape, name: String) -> Value {
        append(.input, [], name: name, shape: shape)
    }

    /// Appends a convolution, padded by half its kernel, so that stride 1 keeps the map's size.
    public mutating func conv(
        _ x: Value, _ outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
        bias: Bool = false, name: String = "conv"
    ) -> Value {
        append(
            .convolution(
                Convolution(
                    outputs: outputs, kernel: kernel, stride: stride, groups: groups, hasBias: bias)
            ),
            [x], name: name)
    }

    /// Appends a depthwise convolution.
    public mutating func depthwise(
        _ x: Value, kernel: Int, stride: Int = 1, name: String = "conv"
    ) -> Value {
        let channels = shape(x).channels
        return conv(x, channels, kernel: kernel, stride: stride, groups: channels, name: name)
    }

    /// Appends a batch normalisation.
    public mutating func normalize(
        _ x: Value, epsilon: Float = 1e-5, name: String = "norm"
    ) -> Value {
        append(.normalization(epsilon: epsilon), [x], name: name)
    }

    /// Appends a ReLU.
    public mutating func relu(_ x: Value, name: String = "relu") -> Value {
        append(.relu, [x], name: name)
    }

    /// Appends a sigmoid.
    public mutating func sigmoid(_ x: Value, name: String = "sigmoid") -> Value {
        append(.sigmoid, [x], name: name)
    }

    /// Appends a max pooling.
    public mutating func maxPool(
        _ x: Value, kernel: Int, stride: Int, padding: Int, name: String = "pool"
    ) -> Value {
        append(
            .maxPool(Window(kernel: kernel, stride: stride, padding: padding)), [x], name: name)
    }

    /// Appends an average pooling.
    public mutating func averagePool(
        _ x: Value, kernel: Int, stride: Int, padding: Int, name: String = "pool"
    ) -> Value {
        append(
            .averagePool(Window(kernel: kernel, stride: stride, padding: padding)), [x], name: name)
    }

    /// Appends a global average pooling.
    public mutating func globalAverage(_ x: Value, name: String = "average") -> Value {
        append(.globalAverage, [x], name: name)
    }

    /// Appends a nearest-neighbour upsampling to the height and width of `like`.
    public mutating func upsample(
        _ x: Value, like: Value, name: String = "upsample"
    ) -> Value {
        append(.upsample, [x, like], name: name)
    }

    /// Appends a slice of channels.
    public mutating func slice(_ x: Value, _ range: Range<Int>, name: String) -> Value {
        append(.slice(range), [x], name: name)
    }

    /// Appends a concatenation along the channels.
    public mutating func concatenate(_ values: Value..., name: String = "concatenation") -> Value {
        append(.concatenation, values, name: name)
    }

    /// Appends ShuffleNet's channel shuffle.
    public mutating func shuffle(
        _ x: Value, groups: Int, name: String = "shuffle"
    ) -> Value {
        append(.shuffle(groups: groups), [x], name: name)
    }

    /// Appends an element-wise sum.
    public mutating func add(_ values: Value..., name: String = "sum") -> Value {
        append(.add, values, name: name)
    }

    /// Appends an element-wise product.
    public mutating func multiply(_ a: Value, _ b: Value, name: String = "product") -> Value {
        append(.multiply, [a, b], name: name)
    }

    /// Appends a dense layer with bias.
    public mutating func dense(_ x: Value, _ outputs: Int, name: String) -> Value {
        append(.dense(outputs: outputs), [x], name: name)
    }

    /// Appends a position-sensitive RoI pooling.
    public mutating func regionPool(
        _ map: Value, _ regions: Value, _ pooling: RegionPool, name: String = "pooled"
    ) -> Value {
        append(.regionPool(pooling), [map, regions], name: name)
    }
}

/// A network as data: nodes in an order in which each follows its inputs.
///
/// Built by a small vocabulary (``conv(_:_:kernel:stride:groups:bias:name:)`` and its neighbours),
/// then read in several ways. Shapes are checked as it is built; from the finished value ``Cost``
/// counts, ``WeightManifest`` lists weights, ``FoldedNetwork`` folds normalisations away,
/// ``Interpreter`` runs, and ``onnx(_:name:)`` writes a file for other engines. Building errors are
/// our own mistakes and stop the program; nothing from outside can cause one.
public struct Graph: Sendable {
    /// The output of one node.
    public struct Value: Hashable, Sendable {
        /// Position of the node in ``Graph/nodes``.
        public let index: Int
    }

    /// One step of the network.
    public struct Node: Sendable {
        /// Dotted and unique; weights are named `name.weight` and so on.
        public let name: String
        /// What is computed.
        public let operation: Operation
        /// What it is computed from, all earlier.
        public let inputs: [Value]
        /// The extent of the result.
        public let shape: Shape
    }

    /// A result that the outside may ask for.
    public struct Output: Sendable {
        /// Its public name, such as `objectness`.
        public let name: String
        /// Which value it is.
        public let value: Value
    }

    /// All steps, inputs first.
    public private(set) var nodes: [Node] = []
    /// The results, in the order they were declared.
    public private(set) var outputs: [Output] = []
    private var scope: [String] = []
    private var names: Set<String> = []

    /// An empty network.
    public init() {}

    /// The node that computes a value.
    public subscript(value: Value) -> Node { nodes[value.index] }

    /// The extent of a value.
    public func shape(_ value: Value) -> Shape { nodes[value.index].shape }

    /// Builds with `name.` put before every name inside.
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

    /// Appends a node; its shape follows from its operation (``Operation/shape(of:)``).
    ///
    /// An input's shape cannot be derived and is given; given for anything else, it must be the
    /// derived one.
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

/// The vocabulary.
extension Graph {
    /// A tensor given from outside.
    public mutating func input(_ shape: Shape, name: String) -> Value {
        append(.input, [], name: name, shape: shape)
    }

    /// A convolution that keeps the plane at stride 1.
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

    /// A convolution of every channel by itself.
    public mutating func depthwise(
        _ x: Value, kernel: Int, stride: Int = 1, name: String = "conv"
    ) -> Value {
        let channels = shape(x).channels
        return conv(x, channels, kernel: kernel, stride: stride, groups: channels, name: name)
    }

    /// Batch normalisation.
    public mutating func normalize(
        _ x: Value, epsilon: Float = 1e-5, name: String = "norm"
    ) -> Value {
        append(.normalization(epsilon: epsilon), [x], name: name)
    }

    /// Rectification.
    public mutating func relu(_ x: Value, name: String = "relu") -> Value {
        append(.relu, [x], name: name)
    }

    /// The logistic function.
    public mutating func sigmoid(_ x: Value, name: String = "sigmoid") -> Value {
        append(.sigmoid, [x], name: name)
    }

    /// The greatest value in each window.
    public mutating func maxPool(
        _ x: Value, kernel: Int, stride: Int, padding: Int, name: String = "pool"
    ) -> Value {
        append(
            .maxPool(Window(kernel: kernel, stride: stride, padding: padding)), [x], name: name)
    }

    /// The mean of each window.
    public mutating func averagePool(
        _ x: Value, kernel: Int, stride: Int, padding: Int, name: String = "pool"
    ) -> Value {
        append(
            .averagePool(Window(kernel: kernel, stride: stride, padding: padding)), [x], name: name)
    }

    /// The mean over the plane.
    public mutating func globalAverage(_ x: Value, name: String = "average") -> Value {
        append(.globalAverage, [x], name: name)
    }

    /// Nearest neighbour to the plane of `like`.
    public mutating func upsample(
        _ x: Value, like: Value, name: String = "upsample"
    ) -> Value {
        append(.upsample, [x, like], name: name)
    }

    /// A range of channels.
    public mutating func slice(_ x: Value, _ range: Range<Int>, name: String) -> Value {
        append(.slice(range), [x], name: name)
    }

    /// Channels one after another.
    public mutating func concatenate(_ values: Value..., name: String = "concatenation") -> Value {
        append(.concatenation, values, name: name)
    }

    /// ShuffleNet's channel shuffle.
    public mutating func shuffle(
        _ x: Value, groups: Int, name: String = "shuffle"
    ) -> Value {
        append(.shuffle(groups: groups), [x], name: name)
    }

    /// Element-wise sum.
    public mutating func add(_ values: Value..., name: String = "sum") -> Value {
        append(.add, values, name: name)
    }

    /// Element-wise product.
    public mutating func multiply(_ a: Value, _ b: Value, name: String = "product") -> Value {
        append(.multiply, [a, b], name: name)
    }

    /// A fully connected layer with bias.
    public mutating func dense(_ x: Value, _ outputs: Int, name: String) -> Value {
        append(.dense(outputs: outputs), [x], name: name)
    }

    /// Position-sensitive pooling of regions.
    public mutating func regionPool(
        _ map: Value, _ regions: Value, _ pooling: RegionPool, name: String = "pooled"
    ) -> Value {
        append(.regionPool(pooling), [map, regions], name: name)
    }
}

import Tensors
import Testing

@testable import Training

/// Normally distributed numbers, reproducible from a seed.
func noise(_ count: Int, seed: UInt64) -> [Float] {
    var source = NormalSource(seed: seed)
    return (0..<count).map { _ in source.next() }
}

/// Maximum absolute difference of two lists, relative to the maximum magnitude of the second.
func relativeError(_ found: [Float], _ expected: [Float]) -> Float {
    guard found.count == expected.count else { return .infinity }
    let scale = max(expected.reduce(0) { max($0, abs($1)) }, .leastNormalMagnitude)
    let differences = zip(found, expected).map { abs($0 - $1) }
    return differences.contains { !$0.isFinite } ? .infinity : (differences.max() ?? 0) / scale
}

extension Graph {
    /// Creates a graph of one input and one operation.
    static func single(
        _ shape: Shape, _ build: (inout Graph, Graph.Value) -> Graph.Value
    ) -> Graph {
        var graph = Graph()
        let x = graph.input(shape, name: "x")
        graph.output(build(&graph, x), name: "y")
        return graph
    }
}

/// Outputs of libtorch and of the interpreter for the same graph, weights and input, in libtorch's order.
func readings(
    _ graph: Graph, pictures: Int = 1, options: ReadingOptions = ReadingOptions(), seed: UInt64 = 3
) throws -> [(name: String, torch: [Float], interpreter: [Float])] {
    let weights = Weights.random(for: graph)
    let parameters = try Parameters(weights, WeightManifest(graph))
    let node = graph.nodes[0]
    let values = noise(pictures * node.shape.count, seed: seed)
    let input = try TorchTensor(values, [pictures] + node.shape.dims)
    let found = try TorchReading(graph, parameters, options).run([node.name: input])
    let interpreter = Interpreter(graph, weights)
    let expected = (0..<pictures).map { picture in
        let part = values[picture * node.shape.count..<(picture + 1) * node.shape.count]
        return interpreter.run([node.name: Tensor(node.shape, part)])
    }
    return try graph.outputs.map { output in
        (
            output.name, try #require(found[output.name]).values(),
            expected.flatMap { $0[output.name]?.values ?? [] }
        )
    }
}

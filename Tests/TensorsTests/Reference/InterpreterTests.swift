import Testing

@testable import Tensors

struct InterpreterTests {
    @Test func outputsEqualTheValuesOfTheirNodes() throws {
        let graph = sampleGraph()
        let interpreter = Interpreter(graph, .random(for: graph))
        let input = ["image": noise([1, 3, 23, 17], seed: 6)]
        let all = interpreter.allValues(input)
        let outputs = interpreter.run(input)
        #expect(all.count == graph.nodes.count && outputs.count == graph.outputs.count)
        for output in graph.outputs { #expect(outputs[output.name] == all[output.value.index]) }
        for (node, value) in zip(graph.nodes, all) { #expect(value.shape == node.shape) }
    }

    @Test func smallNetworkMatchesHandComputedValues() throws {
        var graph = Graph()
        let x = graph.input(Shape(channels: 2, height: 1, width: 2), name: "x")
        graph.output(graph.relu(graph.dense(x, 1, name: "sum")), name: "y")
        let weights = try Weights(
            ["sum.weight": Tensor(dims: [1, 2], [1, -2]), "sum.bias": Tensor(dims: [1], [0.5])],
            for: WeightManifest(graph))
        // 1·1 − 2·3 + 0.5 is negative; 2·1 − 2·(−4) + 0.5 = 10.5.
        let result = Interpreter(graph, weights).run(["x": Tensor(dims: [2, 1, 2], [1, 2, 3, -4])])
        #expect(result["y"]?.values == [0, 10.5])
    }

    @Test func randomActivationsStayNearOne() throws {
        var graph = Graph()
        var x = graph.input(Shape(channels: 16, height: 12, width: 12), name: "x")
        for layer in 0..<20 {
            x = graph.scoped("layer\(layer)") { $0.relu($0.normalize($0.conv(x, 16, kernel: 3))) }
        }
        graph.output(x, name: "y")
        let result = Interpreter(graph, .random(for: graph, seed: 9))
            .run(["x": noise([16, 12, 12], seed: 8)])
        let values = try #require(result["y"]).values
        let power = values.reduce(0) { $0 + $1 * $1 } / Float(values.count)
        #expect(power > 0.01 && power < 100)
    }
}

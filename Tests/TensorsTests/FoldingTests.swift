import Testing

@testable import Tensors

struct FoldingTests {
    @Test func foldedNetworkMatchesTheOriginal() throws {
        let graph = sampleGraph()
        let weights = Weights.random(for: graph, seed: 7)
        let folded = FoldedNetwork(graph, weights)
        let input = ["image": noise([3, 23, 17], seed: 3)]
        let before = Interpreter(graph, weights).run(input)
        let after = Interpreter(folded.graph, folded.weights).run(input)
        #expect(Set(before.keys) == Set(after.keys))
        for (name, tensor) in before {
            #expect(relativeError(try #require(after[name]), tensor) < 1e-5, "\(name)")
        }
    }

    @Test func foldedGraphHasNoNormalization() {
        let graph = sampleGraph()
        let folded = FoldedNetwork(graph, .random(for: graph))
        for node in folded.graph.nodes {
            if case .normalization = node.operation { Issue.record("\(node.name) is left") }
        }
        let names = Set(folded.graph.nodes.map(\.name))
        #expect(names.contains("stem.conv") && !names.contains("stem.norm"))
        // These two have no convolution to themselves and stay under their own names.
        #expect(names.contains("alone") && names.contains("twiceNorm"))
        #expect(folded.graph.nodes.count == graph.nodes.count - 4)
    }

    @Test func foldedWeightsMatchHandComputedValues() {
        var graph = Graph()
        let x = graph.input(Shape(channels: 1, height: 1, width: 1), name: "x")
        graph.output(graph.normalize(graph.conv(x, 1, kernel: 1), epsilon: 0.25), name: "y")
        let one = { (value: Float) in Tensor(dims: [1], [value]) }
        let weights = Weights(trusted: [
            "conv.weight": Tensor(dims: [1, 1, 1, 1], [3]), "norm.weight": one(2),
            "norm.bias": one(5), "norm.mean": one(7), "norm.variance": one(3.75),
        ])
        // factor = 2 / √(3.75 + 0.25) = 1, offset = 5 − 7·1 = −2.
        let folded = FoldedNetwork(graph, weights)
        #expect(folded.weights["conv.weight"].values == [3])
        #expect(folded.weights["conv.bias"].values == [-2])
    }

    @Test func foldedWeightsMatchTheFoldedManifest() throws {
        let graph = sampleGraph()
        let folded = FoldedNetwork(graph, .random(for: graph))
        _ = try Weights(folded.weights.all, for: WeightManifest(folded.graph))
    }
}

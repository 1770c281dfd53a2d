import Tensors
import Testing

struct FusionTests {
    @Test func activationsAreFusedWhereTheyAreTheOnlyReader() throws {
        let original = sampleGraph()
        let graph = FoldedNetwork(original, .random(for: original)).graph
        let layers = FusedLayer.layers(of: graph)
        func layer(_ name: String) throws -> FusedLayer {
            try #require(layers.first { graph.nodes[$0.node].name == name })
        }
        #expect(try layer("stem.conv").activation == .relu)
        #expect(graph.nodes[try layer("stem.conv").result].name == "stem.relu")
        #expect(try layer("gate.conv").activation == .sigmoid)
        #expect(try layer("right.depthwise").activation == .none)
        #expect(try layer("logits").activation == .none)
        #expect(layers.count == 10)
    }

    @Test func aValueTheOutsideReadsIsNotFusedAway() {
        var graph = Graph()
        let x = graph.input(Shape(channels: 1, height: 2, width: 2), name: "x")
        let y = graph.conv(x, 1, kernel: 1, bias: true)
        graph.output(y, name: "raw")
        graph.output(graph.relu(y), name: "rectified")
        #expect(FusedLayer.layers(of: graph).map(\.activation) == [.none])
    }
}

import Tensors
import Testing

struct ConsumersTests {
    @Test func consumersAndOutputsAreListed() {
        var graph = Graph()
        let x = graph.input(Shape(channels: 2, height: 1, width: 1), name: "x")
        let y = graph.relu(x, name: "y")
        let z = graph.multiply(y, y, name: "z")
        let w = graph.add(z, x, name: "w")
        graph.output(z, name: "z")
        graph.output(w, name: "w")
        let consumers = Consumers(graph)
        #expect(consumers.byNode == [[1, 3], [2, 2], [3], []])
        #expect(consumers.isOutput == [false, false, true, true])
        // x has two consumers, y is read twice, z is also an output, w is only an output.
        #expect(graph.nodes.indices.allSatisfy { consumers.onlyConsumer(of: $0) == nil })
    }

    @Test func onlyConsumerIsFound() {
        var graph = Graph()
        let x = graph.input(Shape(channels: 2, height: 1, width: 1), name: "x")
        graph.output(graph.relu(x), name: "y")
        #expect(Consumers(graph).onlyConsumer(of: 0) == 1)
    }
}

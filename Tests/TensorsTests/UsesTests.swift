import Tensors
import Testing

struct UsesTests {
    @Test func readersAndOutputsAreKnown() {
        var graph = Graph()
        let x = graph.input(Shape(channels: 2, height: 1, width: 1), name: "x")
        let y = graph.relu(x, name: "y")
        let z = graph.multiply(y, y, name: "z")
        let w = graph.add(z, x, name: "w")
        graph.output(z, name: "z")
        graph.output(w, name: "w")
        let uses = Uses(graph)
        #expect(uses.readers == [[1, 3], [2, 2], [3], []])
        #expect(uses.isOutput == [false, false, true, true])
        // x has two readers, y is read twice, z is read from outside too, w only from there.
        #expect(graph.nodes.indices.allSatisfy { uses.onlyReader(of: $0) == nil })
    }

    @Test func anOnlyReaderIsFound() {
        var graph = Graph()
        let x = graph.input(Shape(channels: 2, height: 1, width: 1), name: "x")
        graph.output(graph.relu(x), name: "y")
        #expect(Uses(graph).onlyReader(of: 0) == 1)
    }
}

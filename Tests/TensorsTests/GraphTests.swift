import Tensors
import Testing

struct GraphTests {
    @Test func scopesPrefixNames() {
        var graph = Graph()
        let x = graph.input(Shape(channels: 2, height: 4, width: 4), name: "x")
        let y = graph.scoped("stage") { net in net.scoped("0") { $0.conv(x, 3, kernel: 1) } }
        _ = graph.relu(y)
        #expect(graph.nodes.map(\.name) == ["x", "stage.0.conv", "relu"])
        #expect(graph[y].inputs == [x] && graph.shape(y) == Shape(channels: 3, height: 4, width: 4))
    }

    @Test func convolutionsKeepTheSizeAtStrideOne() {
        var graph = Graph()
        let x = graph.input(Shape(channels: 6, height: 9, width: 5), name: "x")
        for kernel in [1, 3, 5, 7] {
            let y = graph.depthwise(x, kernel: kernel, name: "k\(kernel)")
            #expect(graph.shape(y) == graph.shape(x))
        }
    }

    @Test func outputsKeepTheirOrder() {
        var graph = Graph()
        let x = graph.input(Shape(channels: 1, height: 1, width: 1), name: "x")
        graph.output(graph.sigmoid(x), name: "b")
        graph.output(x, name: "a")
        #expect(graph.outputs.map(\.name) == ["b", "a"] && graph.outputs[1].value == x)
    }

    @Test func namesAreUnique() async {
        await #expect(processExitsWith: .failure) {
            var graph = Graph()
            let x = graph.input(Shape(channels: 1, height: 1, width: 1), name: "x")
            _ = graph.relu(graph.relu(x))
        }
    }

    @Test func givenShapeMustEqualTheDerivedOne() async {
        await #expect(processExitsWith: .failure) {
            var graph = Graph()
            let shape = Shape(channels: 1, height: 1, width: 1)
            let x = graph.input(shape, name: "x")
            _ = graph.append(
                .relu, [x], name: "y", shape: Shape(channels: 2, height: 1, width: 1))
        }
    }
}

import Tensors
import Testing

struct CostTests {
    @Test func onlyConvolutionsAndDenseLayersCost() {
        var graph = Graph()
        let x = graph.input(Shape(channels: 3, height: 224, width: 224), name: "x")
        let stem = graph.scoped("stem") {
            $0.relu($0.normalize($0.conv(x, 24, kernel: 3, stride: 2)))
        }
        let deep = graph.depthwise(stem, kernel: 5, stride: 2, name: "deep")
        let grouped = graph.conv(deep, 8, kernel: 1, groups: 4, bias: true, name: "grouped")
        _ = graph.dense(graph.globalAverage(grouped), 10, name: "logits")
        let cost = Cost(graph)
        // Conv1 at 224 is 8.13 M in the papers' tables: 112² · 24 · 27.
        #expect(cost.multiplyAdds(under: "stem") == 112 * 112 * 24 * 27)
        #expect(cost.multiplyAdds(under: "deep") == 56 * 56 * 24 * 25)
        #expect(cost.multiplyAdds(under: "grouped") == 56 * 56 * 8 * 6)
        #expect(cost.multiplyAdds(under: "logits") == 80)
        #expect(cost.entries.map(\.name) == ["stem.conv", "deep", "grouped", "logits"])
        #expect(cost.multiplyAdds() == cost.entries.reduce(0) { $0 + $1.multiplyAdds })
    }

    @Test func denseLayerCostsPerRow() {
        var graph = Graph()
        let rows = graph.input(Shape(channels: 245, height: 200, width: 1), name: "rows")
        _ = graph.dense(rows, 1024, name: "dense")
        #expect(Cost(graph).multiplyAdds() == 200 * 245 * 1024)
    }
}

import Tensors
import Testing

struct WeightManifestTests {
    @Test func everyLayerListsItsTensorsInOrder() {
        var graph = Graph()
        let x = graph.input(Shape(channels: 4, height: 8, width: 8), name: "x")
        let y = graph.scoped("a") { net in
            net.normalize(net.conv(x, 6, kernel: 3, groups: 2))
        }
        _ = graph.dense(graph.conv(y, 2, kernel: 1, bias: true, name: "b"), 3, name: "c")
        let entries = WeightManifest(graph).entries
        #expect(
            entries.map { "\($0.name) \($0.dims)" } == [
                "a.conv.weight [6, 2, 3, 3]",
                "a.norm.weight [6]", "a.norm.bias [6]", "a.norm.mean [6]", "a.norm.variance [6]",
                "b.weight [2, 6, 1, 1]", "b.bias [2]", "c.weight [3, 2]", "c.bias [3]",
            ])
    }

    @Test func runningStatisticsAreNotParameters() {
        let manifest = WeightManifest(stem())
        // Conv1 of SNet49 and SNet146: 3·24·3·3 + 2·24 (papers' section 8 says 696).
        #expect(manifest.parameterCount() == 696)
        #expect(manifest.entries.reduce(0) { $0 + $1.count } == 696 + 48)
    }

    @Test func prefixesMatchWholeNamesOnly() {
        var graph = Graph()
        let x = graph.input(Shape(channels: 1, height: 1, width: 1), name: "x")
        _ = graph.conv(graph.conv(x, 2, kernel: 1, name: "stage1"), 3, kernel: 1, name: "stage10")
        let manifest = WeightManifest(graph)
        #expect(manifest.parameterCount(under: "stage1") == 2)
        #expect(manifest.parameterCount(under: "stage10") == 6)
        #expect(manifest.parameterCount() == 8)
    }

    @Test func severalGraphsShareOneFile() {
        var head = Graph()
        let x = head.input(Shape(channels: 2, height: 1, width: 1), name: "x")
        _ = head.dense(x, 3, name: "dense")
        #expect(WeightManifest([stem(), head]).parameterCount() == 696 + 9)
    }

    private func stem() -> Graph {
        var graph = Graph()
        let x = graph.input(Shape(channels: 3, height: 224, width: 224), name: "x")
        _ = graph.normalize(graph.conv(x, 24, kernel: 3, stride: 2))
        return graph
    }
}

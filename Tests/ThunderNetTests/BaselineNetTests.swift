import Tensors
import Testing
import ThunderNet

/// Exact costs of MobileNet and ShuffleNet, the baselines of the papers.
struct BaselineNetTests {
    // swift-format-ignore
    @Test(arguments: [
        ("mobilenet-1x",       568.7, 0.051), ("mobilenet-0.75x",    325.4, 0.051),
        ("mobilenet-0.5x",     149.5, 0.051), ("mobilenet-0.25x",     41.0, 0.051),
        ("mobilenet-0.125x",   12.09, 0.00501),
        ("shufflenet-1x-g3",  137.46, 0.00501), ("shufflenet-1x-g4", 134.34, 0.00501),
        ("shufflenet-1x-g8",  138.37, 0.00501), ("shufflenet-0.5x-g3", 37.59, 0.00501),
    ])
    func costMatchesTheTable(_ name: String, _ total: Double, _ tolerance: Double) throws {
        let net = try #require(BackboneCatalog.backbone(name))
        #expect(abs(millions(Cost(Classifier.graph(net))) - total) < tolerance)
    }

    /// Parameters with the classifier, normalizations by scale and shift.
    // swift-format-ignore
    @Test(arguments: [
        ("mobilenet-1x",     4_231_976), ("mobilenet-0.75x", 2_585_560),
        ("mobilenet-0.5x",   1_331_592), ("mobilenet-0.25x",   470_072),
        ("shufflenet-1x-g3", 1_865_728), ("shufflenet-1x-g4", 1_968_344),
        ("shufflenet-1x-g8", 2_434_768), ("shufflenet-0.5x-g3", 718_324),
    ])
    func parametersMatchReimplementations(_ name: String, _ count: Int) throws {
        let net = try #require(BackboneCatalog.backbone(name))
        #expect(WeightManifest(Classifier.graph(net)).parameterCount() == count)
    }

    @Test(arguments: MobileNet.all.map(\.name) + ShuffleNet.all.map(\.name))
    func mapsHaveTheirStrides(_ name: String) throws {
        let net = try #require(BackboneCatalog.backbone(name))
        var graph = Graph()
        let image = graph.input(Shape(channels: 3, height: 64, width: 96), name: "image")
        let maps = net.features(of: image, in: &graph)
        for (map, stride) in [(maps.stride4, 4), (maps.stride8, 8), (maps.c4, 16), (maps.c5, 32)] {
            let shape = graph.shape(map)
            #expect((shape.height, shape.width) == (64 / stride, 96 / stride))
        }
    }
}

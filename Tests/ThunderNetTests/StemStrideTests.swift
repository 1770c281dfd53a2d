import Tensors
import Testing
import ThunderNet

/// Networks with less reduction in their first layers, for small images.
struct StemStrideTests {
    @Test(arguments: BackboneCatalog.names)
    func weightsStayAndLaterMapsGrow(name: String) throws {
        let net = try #require(BackboneCatalog.backbone(name))
        let plain = Classifier.graph(net, side: 128, classes: 10)
        for (stride, side) in [(1, 32), (2, 64), (4, 128)] {
            let small = Classifier.graph(
                net, width: side, height: side, classes: 10, stemStride: stride)
            #expect(WeightManifest(small).entries == WeightManifest(plain).entries)
            // With a quarter or half of the side and of the stride, all later maps are the same.
            let last = small.nodes[small.nodes.count - 2].inputs[0]
            let other = plain.nodes[plain.nodes.count - 2].inputs[0]
            #expect(small.shape(last) == plain.shape(other))
        }
    }

    @Test func stemStrideTwoLeavesOutThePooling() throws {
        let net = try #require(BackboneCatalog.backbone("snet49"))
        let graph = Classifier.graph(net, width: 64, height: 64, classes: 10, stemStride: 2)
        let windows = graph.nodes.compactMap { node -> Window? in
            if case .maxPool(let window) = node.operation { window } else { nil }
        }
        #expect(windows == [Window(kernel: 3, stride: 1, padding: 1)])
        #expect(graph.nodes[1].shape == Shape(channels: 24, height: 32, width: 32))
    }

    @Test func descriptionsReadBack() throws {
        var description = ClassifierDescription(
            name: "a", backbone: "menet-108-8x1", classes: ["x", "y"], width: 64, height: 96)
        description.stemStride = 1
        description.unit.branches = .keep
        description.provenance = ["data": "drawn"]
        description.accuracy = [.init(data: "drawn", top1: 0.5, top5: 1)]
        #expect(try ClassifierDescription(json: description.json) == description)
        #expect(throws: ModelError.self) { try ClassifierDescription(json: "{}") }
        #expect(throws: ModelError.self) { try description.graph(width: 60, height: 60) }
    }
}

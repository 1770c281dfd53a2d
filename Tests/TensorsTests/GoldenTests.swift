import Tensors
import TestSupport
import Testing

/// Comparison with tensors of the PyTorch reference for the shared model.
struct GoldenTests {
    @Test(arguments: ["driving/00006", "driving/00349", "random-snet49/00349"])
    func regionPoolingMatchesTheReference(picture: String) throws {
        guard let url = Shared.file("golden/\(picture).safetensors") else { return }
        let golden = try ModelFile(contentsOf: url).tensors
        let map = try #require(golden["attended"])
        let proposals = try #require(golden["proposals"])
        let pooled = try #require(golden["pooled"])

        var graph = Graph()
        let shape = Shape(channels: map.dims[1], height: map.dims[2], width: map.dims[3])
        let count = proposals.dims[0]
        let value = graph.regionPool(
            graph.input(shape, name: "map"),
            graph.input(Shape(channels: 4, height: count, width: 1), name: "regions"),
            RegionPool(
                bins: 7, depth: 5, samples: 2, reduction: .average, isAligned: true, stride: 16))
        graph.output(value, name: "pooled")
        let manifest = WeightManifest(graph)
        let result = Interpreter(graph, try Weights([:], for: manifest))
            .run(["map": map, "regions": proposals.transposed()])

        let rows = try #require(result["pooled"]).reshaped(to: [245, count]).transposed()
        #expect(relativeError(rows, pooled) < 1e-3)
    }

    @Test func sharedModelIsReadable() throws {
        guard let url = Shared.file("models/driving.safetensors") else { return }
        let file = try ModelFile(contentsOf: url)
        #expect(file.metadata["model"]?.hasPrefix("{\"format\": \"thunderline-model\"") == true)
        #expect(file.tensors["backbone.stem.conv.weight"]?.dims == [24, 3, 3, 3])
    }
}

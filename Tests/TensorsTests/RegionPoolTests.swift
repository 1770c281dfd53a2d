import Testing

@testable import Tensors

struct RegionPoolTests {
    /// Regions inside, across every border, outside, empty, inverted, and NaN.
    private static let regions: [[Float]] = [
        [0, 0, 100, 60], [10.5, 3.25, 90, 47], [-40, -30, 20, 10], [80, 40, 200, 300],
        [-500, -500, -400, -400], [5, 5, 5, 5], [60, 50, 20, 10], [0, 0, 1, 1],
        [.nan, 0, 10, 10], [-16, -16, 112, 80], [15.99, 16.01, 16.02, 16.03],
    ]

    @Test(arguments: KernelSet.available, [RegionPool.Reduction.average, .maximum])
    func matchesTheReference(kernels: KernelSet, reduction: RegionPool.Reduction) throws {
        for isAligned in [false, true] {
            for (bins, depth, samples) in [(7, 5, 2), (3, 2, 1), (1, 4, 3)] {
                try check(
                    kernels,
                    RegionPool(
                        bins: bins, depth: depth, samples: samples, reduction: reduction,
                        isAligned: isAligned, stride: 16))
            }
        }
    }

    private func check(_ kernels: KernelSet, _ pooling: RegionPool) throws {
        let count = Self.regions.count
        var graph = Graph()
        let channels = pooling.depth * pooling.bins * pooling.bins
        let map = graph.input(Shape(channels: channels, height: 4, width: 6), name: "map")
        let boxes = graph.input(Shape(channels: 4, height: count, width: 1), name: "regions")
        graph.output(graph.regionPool(map, boxes, pooling), name: "pooled")
        let weights = Weights.random(for: graph)
        let features = noise([channels, 4, 6], seed: 5)
        let regions = Tensor(dims: [count, 4], Self.regions.flatMap(\.self)).transposed()
            .reshaped(to: [4, count, 1])
        let expected = Interpreter(graph, weights).run(["map": features, "regions": regions])
        var plan = try Plan(
            FoldedNetwork(graph, weights), instructionSet: kernels.instructions)
        plan.write(features, to: "map")
        plan.write(regions, to: "regions")
        plan.run()
        let error = try relativeError(plan.tensor("pooled"), #require(expected["pooled"]))
        #expect(error < 1e-5, "\(kernels) \(pooling) differs by \(error)")
    }
}

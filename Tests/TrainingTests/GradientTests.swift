import Configuration
import Tensors
import Testing
import ThunderNet

@testable import Training

/// Gradients compared with finite differences in double precision.
@Suite(.enabled(if: TorchLibrary.isAvailable, "needs a build with the trait Training"))
struct GradientTests {
    /// Compares the gradients of a scalar function of some tensors with central differences.
    private func check(
        _ tensors: [TorchTensor], places: Int = 6, within tolerance: Double = 1e-6,
        h: Double = 1e-5, skipsKinks: Bool = false, _ loss: () throws -> TorchTensor
    ) throws {
        for tensor in tensors { try tensor.requireGradient() }
        try TorchTensor.clearGradients(tensors)
        try loss().backward()
        let gradients = try tensors.map { try #require($0.gradient).doubles() }
        let scale = gradients.joined().reduce(1e-3) { max($0, abs($1)) }
        var (checked, kinks) = (0, 0)
        for (tensor, gradient) in zip(tensors, gradients) {
            let start = try tensor.doubles()
            for number in 0..<min(places, start.count) {
                let place = (number &* 7919 &+ 13) % start.count
                func slope(_ h: Double) throws -> Double {
                    let sides = try [h, -h].map { step in
                        var moved = start
                        moved[place] += step
                        try tensor.assign(TorchTensor(moved, tensor.dims))
                        return try TorchLibrary.withoutGradients { () throws(TorchError) in
                            do { return try loss().item() } catch { throw .refused("\(error)") }
                        }
                    }
                    try tensor.assign(TorchTensor(start, tensor.dims))
                    return (sides[0] - sides[1]) / (2 * h)
                }
                let (coarse, fine) = (try slope(2 * h), try slope(h))
                // The two step sizes disagree if there is a ReLU's kink between the points.
                if skipsKinks && abs(coarse - fine) > 1e-5 * scale {
                    kinks += 1
                    continue
                }
                checked += 1
                #expect(abs(fine - gradient[place]) <= tolerance * scale, "place \(place)")
            }
        }
        #expect(checked > 4 * kinks, "\(kinks) points of \(checked + kinks) at kinks")
    }

    private func doubles(_ dims: [Int], seed: UInt64) throws -> TorchTensor {
        try TorchTensor(noise(dims.reduce(1, *), seed: seed).map(Double.init), dims)
    }

    @Test(
        arguments: TorchReadingTests.layers.indices, [NormStatistics.frozen, .live])
    func gradientsOfEveryOperationMatch(layer: Int, statistics: NormStatistics) throws {
        let graph = TorchReadingTests.layers[layer].1
        try checkGraph(graph, statistics, .native)
    }

    @Test(arguments: DepthwiseMethod.allCases, [(3, 1), (3, 2), (5, 1), (5, 2)])
    func gradientsOfEveryDepthwiseMethodMatch(method: DepthwiseMethod, layer: (Int, Int)) throws {
        let (kernel, stride) = layer
        let graph = Graph.single(Shape(channels: 6, height: 7, width: 5)) { graph, x in
            graph.normalize(graph.depthwise(x, kernel: kernel, stride: stride))
        }
        // The fast gradients use oneDNN, which has no float64; libtorch's own operations replace it.
        try checkGraph(graph, .frozen, method)
    }

    private func checkGraph(
        _ graph: Graph, _ statistics: NormStatistics, _ depthwise: DepthwiseMethod
    ) throws {
        let options = ReadingOptions(type: .float64, statistics: statistics, depthwise: depthwise)
        let parameters = try Parameters(
            .random(for: graph), WeightManifest(graph), type: .float64)
        let reading = TorchReading(graph, parameters, options)
        let x = try doubles([2] + graph.nodes[0].shape.dims, seed: 7)
        let count = try #require(try reading.run(["x": x])["y"]).count
        let seeds = try doubles([count], seed: 9)
        try check([x] + parameters.trained.map(\.tensor), skipsKinks: true) {
            let y = try #require(try reading.run(["x": x])["y"])
            return try y.reshaped([count]).multiplied(by: seeds).sum()
        }
    }

    @Test(arguments: [NormStatistics.frozen, .live])
    func gradientsOfADetectorBodyMatch(statistics: NormStatistics) throws {
        let net = try #require(BackboneCatalog.backbone("snet49"))
        let graph = DetectorGraph(
            ThunderNetDesign(backbone: net, classes: 3), width: 64, height: 32
        ).body
        let options = ReadingOptions(type: .float64, statistics: statistics)
        let parameters = try Parameters(
            .random(for: graph), WeightManifest(graph), type: .float64)
        let reading = TorchReading(graph, parameters, options)
        let x = try doubles([2, 3, 32, 64], seed: 7)
        let some = parameters.trained.enumerated().filter { $0.offset % 9 == 0 }.map(\.element)
        try check(some.map(\.tensor), places: 1, within: 1e-5, h: 1e-6, skipsKinks: true) {
            let outputs = try reading.run(["input": x])
            var sum = try doubles([1], seed: 1)
            for (index, name) in ["objectness", "deltas", "attended"].enumerated() {
                let y = try #require(outputs[name])
                let seeds = try doubles(y.dims, seed: UInt64(20 + index))
                sum = try sum.adding(y.multiplied(by: seeds).sum())
            }
            return try sum.sum()
        }
    }

    @Test(arguments: [RegionPool.Reduction.average, .maximum])
    func gradientsOfRegionPoolingMatch(reduction: RegionPool.Reduction) throws {
        let pool = RegionPool(
            bins: 3, depth: 2, samples: 2, reduction: reduction, isAligned: true, stride: 16)
        let map = try doubles([2, 18, 4, 6], seed: 5)
        let regions = try TorchTensor(
            [Float](arrayLiteral: 3, 4, 60, 50, -9, 5, 30, 80, 20, 20, 90, 60, 1, 1, 9, 9),
            [2, 2, 4])
        let seeds = try doubles([4, 18], seed: 6)
        try check([map], places: 40) { try map.pooled(regions, pool).multiplied(by: seeds).sum() }
    }
}

import Configuration
import Tensors
import Testing

@testable import Training

/// The kernels of the fast depthwise method, which compute in float32 and bfloat16 only, beside libtorch in float64.
@Suite(.enabled(if: TorchLibrary.isAvailable, "needs a build with the trait Training"))
struct DepthwiseGradientTests {
    struct Layer: CustomTestStringConvertible {
        var channels: Int
        var height: Int
        var width: Int
        var kernel: Int
        var stride: Int

        var testDescription: String {
            "\(channels) x \(height) x \(width), kernel \(kernel), stride \(stride)"
        }
    }

    /// Sizes below, at and above the kernel and the vectors of every processor.
    static let layers: [Layer] = [16, 17, 31, 48, 66].flatMap { channels in
        [(1, 1), (2, 9), (5, 4), (7, 13)].flatMap { height, width in
            [(3, 1), (3, 2), (5, 1), (5, 2)].map { kernel, stride in
                Layer(
                    channels: channels, height: height, width: width, kernel: kernel,
                    stride: stride)
            }
        }
    }

    /// Gradients of the input and of all parameters.
    private func gradients(
        _ layer: Layer, _ type: TorchType, _ method: DepthwiseMethod
    ) throws -> [[Float]] {
        let shape = Shape(
            channels: layer.channels, height: layer.height, width: layer.width)
        let graph = Graph.single(shape) { graph, x in
            graph.normalize(graph.depthwise(x, kernel: layer.kernel, stride: layer.stride))
        }
        let parameters = try Parameters(
            .random(for: graph), WeightManifest(graph),
            type: type == .float64 ? .float64 : .float32)
        let options = ReadingOptions(type: type, depthwise: method)
        let reading = TorchReading(graph, parameters, options)
        let dims = [3] + shape.dims
        let x = try TorchTensor(noise(dims.reduce(1, *), seed: 7).map(Double.init), dims)
            .cast(to: type)
        try x.requireGradient()
        let y = try #require(try reading.run(["x": x])["y"])
        let seeds = try TorchTensor(noise(y.count, seed: 9).map(Double.init), y.dims)
            .cast(to: type)
        try y.multiplied(by: seeds).cast(to: .float64).sum().backward()
        return try ([x] + parameters.trained.map(\.tensor)).map {
            try #require($0.gradient).values()
        }
    }

    @Test(arguments: layers)
    func kernelsMatchFloat64(layer: Layer) throws {
        let exact = try gradients(layer, .float64, .native)
        for (type, limit): (TorchType, Float) in [(.float32, 1e-5), (.bfloat16, 3e-2)] {
            let found = try gradients(layer, type, .fast)
            for (one, other) in zip(found, exact) {
                #expect(relativeError(one, other) < limit, "\(type)")
            }
        }
    }
}

import CKernels
import Testing

@testable import Tensors

struct StemTests {
    private static let windows = [
        nil, Window(kernel: 3, stride: 2, padding: 1), Window(kernel: 2, stride: 2, padding: 1),
    ]

    @Test(arguments: KernelSet.available, windows)
    func everySmallImageMatchesTheReference(kernels: KernelSet, pooling: Window?) throws {
        for side in 1...18 {
            try check(kernels, Shape(channels: 3, height: side, width: 19 - side), 24, 2, pooling)
        }
        try check(kernels, Shape(channels: 3, height: 8, width: 70), 48, 2, pooling)
        try check(kernels, Shape(channels: 1, height: 9, width: 11), 5, 1, pooling)
    }

    private func check(
        _ kernels: KernelSet, _ image: Shape, _ outputs: Int, _ stride: Int, _ pooling: Window?
    ) throws {
        var graph = Graph()
        let input = graph.input(image, name: "image")
        var value = graph.relu(
            graph.conv(input, outputs, kernel: 3, stride: stride, bias: true, name: "stem"))
        if let pooling {
            value = graph.maxPool(
                value, kernel: pooling.kernel, stride: pooling.stride, padding: pooling.padding)
        }
        graph.output(value, name: "result")
        let weights = Weights.random(for: graph)
        let network = FoldedNetwork(graph, weights)
        let picture = noise(image.dims, seed: 7)
        let expected = Interpreter(graph, weights).run(["image": picture])["result"]
        var plan = try Plan(network, instructionSet: kernels.instructions)
        plan.write(picture, to: "image")
        plan.run()
        let error = try relativeError(plan.tensor("result"), #require(expected))
        #expect(error < 1e-5, "\(kernels) \(image) differs by \(error)")
        #expect(plan.stepCount == 1, "the pooling is fused")
    }
}

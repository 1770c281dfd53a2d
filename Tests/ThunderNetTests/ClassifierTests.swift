import Tensors
import TestSupport
import Testing
import ThunderNet

/// Every backbone of the papers runs on the reference kernels.
struct ClassifierTests {
    private static let side = 64

    private func picture(seed: UInt64) -> Tensor {
        var generator = SeededGenerator(seed: seed)
        let shape = Shape(channels: 3, height: Self.side, width: Self.side)
        return Tensor(
            shape, (0..<shape.count).map { _ in Float.random(in: -2...2, using: &generator) })
    }

    @Test(arguments: BackboneCatalog.names.filter { !$0.hasPrefix("snet") })
    func backboneRunsOnTheReferenceKernels(_ name: String) throws {
        let backbone = try #require(BackboneCatalog.backbone(name))
        let graph = Classifier.graph(backbone, side: Self.side, classes: 10)
        let network = Interpreter(graph, .random(for: graph))
        let first = try #require(network.run(["image": picture(seed: 1)])["logits"]).values
        let again = try #require(network.run(["image": picture(seed: 1)])["logits"]).values
        let other = try #require(network.run(["image": picture(seed: 2)])["logits"]).values
        #expect(first.count == 10)
        #expect(first.allSatisfy { $0.isFinite } && Set(first).count == 10)
        #expect(first == again)
        #expect(first != other)
    }

    @Test(arguments: ["fdmobilenet-0.5x", "mobilenet-0.25x", "mobilenet-0.125x"])
    func planOfMobileNetsMatchesTheReference(_ name: String) throws {
        let backbone = try #require(BackboneCatalog.backbone(name))
        let graph = Classifier.graph(backbone, side: Self.side, classes: 10)
        let weights = Weights.random(for: graph)
        let image = picture(seed: 3)
        let right = try #require(Interpreter(graph, weights).run(["image": image])["logits"]).values
        var plan = try Plan(FoldedNetwork(graph, weights))
        plan.write(image, to: "image")
        plan.run()
        let fast = plan.tensor("logits").values
        let scale = right.map { abs($0) }.max() ?? 1
        #expect(zip(fast, right).allSatisfy { abs($0 - $1) <= 1e-3 * scale })
    }
}

import Testing

@testable import Tensors

struct WeightsTests {
    private let manifest = WeightManifest(sampleGraph())
    private let good = Weights.random(for: sampleGraph()).all

    @Test func matchingTensorsAreAccepted() throws {
        let weights = try Weights(good, for: manifest)
        #expect(weights.names == manifest.entries.map(\.name).sorted())
        #expect(weights["stem.norm.mean"] == good["stem.norm.mean"])
    }

    @Test func missingTensorIsNamed() {
        var tensors = good
        tensors["stem.norm.mean"] = nil
        expect(tensors, .mismatched, "stem.norm.mean", "is missing")
    }

    @Test func superfluousTensorIsNamed() {
        var tensors = good
        tensors["stem.extra"] = Tensor(dims: [1])
        expect(tensors, .mismatched, "stem.extra", "is not part of the network")
    }

    @Test func misshapedTensorIsNamed() {
        var tensors = good
        tensors["logits.weight"] = Tensor(dims: [10, 5])
        expect(tensors, .mismatched, "logits.weight", "[10, 5], the network needs [5, 10]")
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func nonFiniteElementIsNamed(value: Float) {
        var tensors = good
        tensors["logits.weight"]?[7] = value
        expect(tensors, .notFinite, "logits.weight", "element 7 is \(value)")
    }

    @Test func negativeVarianceIsNamed() {
        var tensors = good
        tensors["stem.norm.variance"]?[2] = -0.5
        expect(tensors, .mismatched, "stem.norm.variance", "element 2 is -0.5")
    }

    @Test func fileIsNamed() {
        let file = ModelFile(name: "some.safetensors", metadata: [:], tensors: [:])
        let error = #expect(throws: ModelError.self) { try Weights(file, for: manifest) }
        #expect(error?.description.hasPrefix("model file some.safetensors: tensor ") == true)
    }

    private func expect(
        _ tensors: [String: Tensor], _ kind: ModelError.Kind, _ tensor: String, _ problem: String,
        at location: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: ModelError.self, sourceLocation: location) {
            try Weights(tensors, for: manifest)
        }
        #expect(error?.kind == kind && error?.tensor == tensor, sourceLocation: location)
        #expect(error?.description.contains(problem) == true, sourceLocation: location)
    }
}

import Foundation
import Tensors
import Testing

@testable import ThunderNet

struct ModelTests {
    static func description() -> ModelDescription {
        ModelDescription(
            name: "small", backbone: "snet49", classes: ["car"], width: 64, height: 64)
    }

    static func file() throws -> ModelFile {
        try Model.untrained(description()).file(name: "small.safetensors")
    }

    static func error(_ file: ModelFile) -> ModelError? {
        do {
            _ = try Model(file)
            return nil
        } catch {
            return error
        }
    }

    @Test func writtenModelReadsBackEqual() throws {
        let file = try Self.file()
        let model = try Model(file)
        #expect(model.isTrained)
        #expect(model.description == Self.description())
        #expect(model.weights.all == file.tensors)
    }

    @Test func errorsNameTheTensor() throws {
        let file = try Self.file()
        let name = "head.dense.weight"
        var missing = file
        missing.tensors[name] = nil
        var left = file
        left.tensors["head.more"] = Tensor(dims: [1])
        var misshaped = file
        misshaped.tensors[name] = Tensor(dims: [1024, 244])
        var infinite = file
        infinite.tensors[name]?[7] = .nan
        for (file, tensor, kind) in [
            (missing, name, ModelError.Kind.mismatched), (left, "head.more", .mismatched),
            (misshaped, name, .mismatched), (infinite, name, .notFinite),
        ] {
            let error = try #require(Self.error(file))
            #expect(error.tensor == tensor)
            #expect(error.kind == kind)
            #expect(error.file == "small.safetensors")
        }
    }

    @Test func fileWithoutDescriptionIsAnError() throws {
        var file = try Self.file()
        file.metadata = [:]
        let error = try #require(Self.error(file))
        #expect(error.description.contains("no description"))
    }

    @Test func weightsOfAnotherBackboneAreAnError() throws {
        var file = try Self.file()
        file.metadata["model"] = file.metadata["model"]?.replacing("snet49", with: "snet146")
        #expect(Self.error(file)?.kind == .mismatched)
    }

    @Test func untrainedWeightsDependOnlyOnTheSeed() throws {
        let model = try Model.untrained(Self.description())
        #expect(!model.isTrained)
        #expect(try Model.untrained(Self.description()).weights.all == model.weights.all)
        #expect(
            try Model.untrained(Self.description(), seed: 2).weights.all != model.weights.all)
    }
}

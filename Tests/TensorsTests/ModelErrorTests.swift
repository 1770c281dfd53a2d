import Tensors
import Testing

struct ModelErrorTests {
    @Test func descriptionNamesFileProblemAndRemedy() {
        let error = ModelError(
            .damaged, file: "a.safetensors", tensor: "stem.conv.weight", problem: "is missing",
            advice: "Get it again.")
        #expect(
            "\(error)"
                == "model file a.safetensors: tensor stem.conv.weight: is missing. Get it again.")
    }

    @Test func descriptionOmitsUnknownParts() {
        #expect("\(ModelError(.damaged, problem: "is cut off"))" == "model: is cut off.")
    }
}

import TestSupport
import Testing

@testable import Configuration

/// Recipes: pipeline files with `command: train`.
struct TrainFileTests {
    private struct WrongCommand: Error {}

    private static let recipe = """
        command: train
        sets:
          - a/train.json
          - path: b/data.yaml:train
            weight: 0.5
            rename: [suv=car, rickshaw=ignore]
            unlabelled: [person]
        held-out: a/dev.json
        model:
          backbone: snet49
          input: 512x288
          sizes: [512x288, 640x352]
        run:
          time: 3h
        targets:
          mining: s-ohem
          anchors: all
        """

    private func read(_ text: String, _ overrides: [String] = []) throws -> TrainDescription {
        let content = try PipelineFile(text, name: "r.yaml", overrides: overrides).content
        guard case .train(let description) = content else { throw WrongCommand() }
        return description
    }

    private func problems(_ text: String, _ overrides: [String] = []) -> [String] {
        do throws(PipelineFile.Problems) {
            _ = try PipelineFile(text, name: "r.yaml", overrides: overrides)
            return []
        } catch {
            return error.list.map(\.description)
        }
    }

    @Test func aRecipeBecomesADescription() throws {
        let description = try read(Self.recipe)
        #expect(description.sets.map(\.path) == ["a/train.json", "b/data.yaml:train"])
        #expect(description.sets[1].weight == 0.5)
        #expect(description.sets[1].renamed == ["suv": "car", "rickshaw": "ignore"])
        #expect(description.sets[1].unlabelled == ["person"])
        #expect(description.heldOut.map(\.path) == ["a/dev.json"])
        #expect(description.model.sizes.map(\.description) == ["512x288", "640x352"])
        #expect(description.run.time == 10_800)
        #expect(description.targets.mining == .stratified)
        #expect(description.targets.anchors == nil)
    }

    @Test func thePrintedRecipeReadsBackEqual() throws {
        var description = try read(Self.recipe)
        #expect(try read(PipelineText.yaml(description)) == description)
        description.targets.anchors = 64
        description.schedule.shape = .steps
        description.model.anchorScales = [16, 40]
        description.model.anchorStride = .fine
        #expect(try read(PipelineText.yaml(description)) == description)
    }

    @Test func aRecipeOfAClassifierReadsBackEqual() throws {
        let description = try read(
            """
            command: train
            task: classification
            sets: tiny/train
            model: {backbone: snet49, input: 64x64}
            classification: {classes: 30, stem-stride: 2, smoothing: 0.05, recalibration: 0}
            """)
        #expect(description.task == .classification)
        #expect(description.classification.classCount == 30)
        #expect(description.classification.stemStride == 2)
        #expect(description.network.statistics == nil)
        #expect(try read(PipelineText.yaml(description)) == description)
    }

    @Test func overridesReplaceTheSets() throws {
        let description = try read(Self.recipe, ["sets=c.json", "run.seed=4"])
        #expect(description.sets == [SetDescription("c.json")])
        #expect(description.run.seed == 4)
    }

    @Test func errorsHaveTheirLine() {
        let found = problems(
            """
            command: train
            sets:
              - path: a.json
                wieght: 2
            model:
              backbone: snet49
            optimizer:
              rate: fast
            """)
        #expect(found.count == 2)
        #expect(found[0].hasPrefix("r.yaml:4: \"wieght\" is not known; did you mean \"weight\"?"))
        #expect(found[1].hasPrefix("r.yaml:8: \"optimizer.rate\" must be a number"))
    }

    @Test(arguments: [
        ("command: train\nmodel: {backbone: snet49}", "nothing to train on"),
        ("command: train\nsets: a.json", "Name the backbone"),
        (
            "command: train\nsets: a.json\nmodel: {start: driving}\nrun: {epochs: 2, time: 1h}",
            "exclude each other"
        ),
        (
            "command: train\nsets: a.json\nmodel: {start: driving}\nrun: {patience: 2}",
            "held-out"
        ),
        (
            "command: train\nsets: a.json\nmodel: {start: driving}\naugment: {paste: 0.5}",
            "paste-classes"
        ),
        (
            "command: train\ntask: classification\nsets: a\nmodel: {start: a.safetensors}",
            "name the backbone"
        ),
        (
            "command: train\nsets: a.json\nmodel: {start: driving}\nclassification: {smoothing: 0}",
            "need \"task: classification\""
        ),
        (
            "command: train\ntask: classification\nsets: a\nmodel: {backbone: snet49, classes: [a, b]}\nclassification: {classes: 2}",
            "exclude each other"
        ),
        (
            "command: train\ntask: classification\nsets: a\nmodel: {backbone: snet49}\nclassification: {stem-stride: 3}",
            "must be one of 1, 2, 4"
        ),
    ])
    func contradictionsAreReported(text: String, words: String) {
        let found = problems(text)
        #expect(found.count == 1)
        #expect(found.first?.contains(words) == true, "\(found)")
    }
}

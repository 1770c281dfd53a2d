import Testing

@testable import Configuration

struct BenchSettingsTests {
    private func problems(_ text: String) -> [String] {
        do throws(PipelineFile.Problems) {
            _ = try PipelineFile(text, name: "b.yaml")
            return []
        } catch {
            return error.list.map(\.description)
        }
    }

    private struct WrongCommand: Error {}

    private func read(_ text: String, _ overrides: [String] = []) throws -> DetectDescription {
        let content = try PipelineFile(text, name: "b.yaml", overrides: overrides).content
        guard case .bench(let description) = content else { throw WrongCommand() }
        return description
    }

    @Test func aFileMaySayABench() throws {
        let description = try read(
            "command: bench\nbench: {scenario: multi-stream, streams: 4, time: 10s}\nmodel: {name: snet49}",
            ["bench.repeats=5"])
        #expect(description.bench.scenario == .multiStream)
        #expect(description.bench.streams == 4)
        #expect(description.bench.seconds == 10)
        #expect(description.bench.repeats == 5)
        #expect(description.model.name == "snet49")
    }

    @Test func whatIsPrintedReadsBackAsTheSame() throws {
        var description = DetectDescription()
        description.input.sources = ["a.mp4"]
        description.bench.scenario = .live
        description.bench.rate = 12.5
        description.bench.compare = "old report.json"
        description.bench.dataset = "annotations.json"
        let text = PipelineText.yaml(description, command: .bench)
        #expect(try read(text) == description)
    }

    @Test func eachCommandKnowsItsOwnKeysOnly() {
        #expect(
            problems("command: detect\ninput: {sources: a}\nbench: {fps: 5}") == [
                "b.yaml:3: \"bench\" is not known; there are command, input, model, objects, tracking, overlay, output, results, quiet."
            ])
        #expect(problems("command: bench\nresults: a.csv").count == 1)
        #expect(problems("command: bench\nbench: {scenario: ofline}").count == 1)
    }

    @Test func contradictionsHaveSentences() {
        #expect(problems("command: bench\ninput: {sources: [a, b]}").count == 1)
        #expect(
            problems("command: bench\ninput: {sources: a}\nbench: {scenario: network}").count == 1)
        #expect(problems("command: bench\nbench: {profile: true}").count == 1)
        #expect(problems("command: bench").isEmpty)
    }
}

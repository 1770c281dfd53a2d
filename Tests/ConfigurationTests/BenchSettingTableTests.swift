import Testing

@testable import Configuration

struct BenchSettingTableTests {
    private func problems(_ text: String) -> [String] {
        do throws(PipelineFile.Problems) {
            _ = try PipelineFile(text, name: "b.yaml")
            return []
        } catch {
            return error.list.map(\.description)
        }
    }

    private struct WrongCommand: Error {}

    private func read(_ text: String, _ overrides: [String] = []) throws -> BenchDescription {
        let content = try PipelineFile(text, name: "b.yaml", overrides: overrides).content
        guard case .bench(let description) = content else { throw WrongCommand() }
        return description
    }

    @Test func aPipelineFileMayDescribeABenchmark() throws {
        let description = try read(
            "command: bench\nbench: {scenario: multi-stream, streams: 4, time: 10s}\nmodel: {name: snet49}",
            ["bench.repeats=5"])
        #expect(description.scenario == .multiStream)
        #expect(description.streams == 4)
        #expect(description.time == 10)
        #expect(description.repeats == 5)
        #expect(description.run.model.name == "snet49")
    }

    @Test func thePrintedTextReadsBackAsTheSame() throws {
        var description = BenchDescription()
        description.run.input.sources = ["a.mp4"]
        description.scenario = .live
        description.rate = 12.5
        description.compare = "old report.json"
        description.dataset = "annotations.json"
        let text = PipelineText.yaml(description)
        #expect(try read(text) == description)
    }

    @Test func eachCommandKnowsItsOwnKeysOnly() {
        #expect(
            problems("command: detect\ninput: {sources: a}\nbench: {fps: 5}") == [
                "b.yaml:3: \"bench\" is not known; there are command, input, model, objects, tracking, zones, lines, counts, overlay, output, events, results, quiet."
            ])
        #expect(problems("command: bench\nresults: a.csv").count == 1)
        #expect(problems("command: bench\nbench: {scenario: ofline}").count == 1)
    }

    @Test func contradictionsAreReportedAsSentences() {
        #expect(problems("command: bench\ninput: {sources: [a, b]}").count == 1)
        #expect(
            problems("command: bench\ninput: {sources: a}\nbench: {scenario: network}").count == 1)
        #expect(problems("command: bench\nbench: {profile: true}").count == 1)
        #expect(problems("command: bench").isEmpty)
    }
}

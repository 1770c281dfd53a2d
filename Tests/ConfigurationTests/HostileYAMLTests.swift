import Foundation
import Testing

@testable import Configuration

/// YAML that takes more memory or time than its size suggests, or that names other files than it seems to.
@Suite(.timeLimit(.minutes(1)))
struct HostileYAMLTests {
    private func problems(_ text: String) -> [String] {
        do throws(PipelineFile.Problems) {
            _ = try PipelineFile(text, name: "x.yaml")
            return []
        } catch {
            return error.list.map(\.description)
        }
    }

    /// Twelve levels of lists, each nine times the one before: 3e11 values.
    private static let lists = levels {
        "[" + Array(repeating: "*\($0)", count: 9).joined(separator: ", ") + "]"
    }

    private static func levels(_ next: (String) -> String) -> String {
        "x-a0: &a0 {b: c}\n" + (1...12).map { "x-a\($0): &a\($0) \(next("a\($0 - 1)"))\n" }.joined()
    }

    @Test(arguments: [
        lists,
        levels { "{<<: [" + Array(repeating: "*\($0)", count: 9).joined(separator: ", ") + "]}" },
        lists + "? *a12\n: 1\n",
        lists + "input: {sources: *a12}\n",
    ])
    func aliasesOfAliasesAreCountedBeforeTheyAreFollowed(text: String) {
        let found = problems("command: detect\n" + text)
        #expect(found.count == 1 && found[0].contains("aliases"), "\(found.prefix(3))")
    }

    @Test func manyCamerasShareSettingsByAliases() {
        let cameras = (1...300).map {
            "  - {<<: *all, name: c\($0), source: \"rtsp://h/*\($0)\"}\n"
        }
        let text =
            "command: live\nx-all: &all {tracking: {every: 2}}\ncameras:\n" + cameras.joined()
        #expect(problems(text).isEmpty)
    }

    @Test func anAsteriskInATextIsNoAlias() throws {
        let text = "command: detect\ninput: {sources: [\"*a.mp4\", a*b.mp4]}\nx-a: &a 1\n"
        guard case .detect(let read) = try PipelineFile(text, name: "x.yaml").content else {
            Issue.record("no detect")
            return
        }
        #expect(read.input.sources == ["*a.mp4", "a*b.mp4"])
    }

    @Test(arguments: ["output: {path: \"x\\0.mp4\"}", "results: [\"r\\0.ndjson\"]"])
    func aTextWithNULIsRefused(line: String) {
        let found = problems("command: detect\ninput: {sources: a.mp4}\n\(line)\n")
        #expect(found.count == 1 && found[0].contains("NUL"), "\(found)")
    }

    @Test func thePrintedTextEscapesControlCharacters() throws {
        var description = DetectDescription()
        description.input.sources = ["a\u{1B}[31m.mp4", "b\r\n\u{202E}\u{85}.mp4"]
        let text = PipelineText.yaml(description)
        #expect(
            !text.unicodeScalars.contains { "\u{1B}\u{202E}\u{85}\r".unicodeScalars.contains($0) })
        #expect(try PipelineFile(text, name: "x.yaml").content == .detect(description))
    }
}

import Testing

@testable import Configuration

/// Settings of the event store.
struct StoreSettingTests {
    private struct WrongCommand: Error {}

    private func read(_ more: String) throws -> LiveDescription {
        let text = "command: live\ncameras: [gate=rtsp://a/1]\n\(more)\n"
        let content = try PipelineFile(text, name: "f.yaml", overrides: []).content
        guard case .live(let description) = content else { throw WrongCommand() }
        return description
    }

    private func problems(_ more: String) -> [String] {
        do {
            _ = try read(more)
            return []
        } catch {
            return (error as? PipelineFile.Problems)?.list.map(\.description) ?? ["\(error)"]
        }
    }

    @Test func retentionIsForAllClassesAndByClass() throws {
        let description = try read(
            "store: { folder: events, keep-for: \"30d,person:90d\", keep-size: 2G }")
        #expect(description.store.folder == "events")
        #expect(description.store.keepFor.others == 2_592_000)
        #expect(description.store.keepFor.classes == ["person": 7_776_000])
        #expect(description.store.keepSize == 2_000_000_000)
        #expect(
            try read("store: { folder: e, keep-for: { car: 7d } }").store.keepFor["car"] == 604_800)
        let printed = PipelineText.yaml(description)
        guard case .live(let again) = try PipelineFile(printed, name: "f", overrides: []).content
        else { throw WrongCommand() }
        #expect(again == description)
    }

    @Test(arguments: [
        ("store: { keep-for: 30d }", "store.folder"),
        ("store: { folder: a, keep-size: much }", "keep-size"),
        ("store: { folder: a, keep-for: soon }", "keep-for"),
        ("store: { folder: rec }\nrecord: { folder: rec }", "its own"),
        ("store: { foldr: a }", "folder"),
    ])
    func mistakesAreNamed(_ text: String, _ word: String) {
        let found = problems(text)
        #expect(found.count == 1 && found[0].contains(word), "\(found)")
    }
}

import Foundation
import TestSupport
import Testing

@testable import Configuration

struct PipelineFileTests {
    private struct WrongCommand: Error {}

    private func read(_ text: String, _ overrides: [String] = []) throws -> DetectDescription {
        let content = try PipelineFile(text, name: "p.yaml", overrides: overrides).content
        guard case .detect(let description) = content else { throw WrongCommand() }
        return description
    }

    private func problems(_ text: String, _ overrides: [String] = []) -> [String] {
        do throws(PipelineFile.Problems) {
            _ = try PipelineFile(text, name: "p.yaml", overrides: overrides)
            return []
        } catch {
            return error.list.map(\.description)
        }
    }

    @Test func nestedKeysBecomeADescription() throws {
        let description = try read(
            """
            command: detect
            input:
              sources: [a.mp4, b.mp4]
              start: 1:30
            objects:
              classes: car,truck
              ignore: [[0, 0.9, 1, 0.1], "0,0,0.5,0.05"]
            output:
              crf: 18
              overwrite: yes
            results: out.csv
            """)
        #expect(description.input.sources == ["a.mp4", "b.mp4"])
        #expect(description.input.start == 90)
        #expect(description.objects.classes == ["car", "truck"])
        #expect(description.objects.ignored.count == 2)
        #expect(description.output.crf == 18)
        #expect(description.output.overwrite)
        #expect(description.results == ["out.csv"])
    }

    @Test func mergeKeysBringInWhatTheyName() throws {
        let description = try read(
            """
            command: detect
            x-common: &common
              crf: 18
              audio: none
            x-more: &more {crf: 30, preset: slow}
            input: {sources: [a.mp4]}
            output:
              <<: [*common, *more]
              audio: copy
            """)
        #expect(description.output.crf == 18)
        #expect(description.output.audio == .copy)
        #expect(description.output.preset == "slow")
        #expect(problems("command: detect\noutput: {<<: 3}").first?.contains("<<") == true)
    }

    @Test func mergeKeysWorkForCameras() throws {
        let text = """
            command: live
            cameras:
              - &base {name: a, source: "rtsp://h/1", weight: 2, tracking: {every: 3}}
              - <<: *base
                name: b
            """
        let content = try PipelineFile(text, name: "p.yaml").content
        guard case .live(let live) = content else { throw WrongCommand() }
        #expect(live.cameras.map(\.name) == ["a", "b"])
        #expect(live.cameras.map(\.weight) == [2, 2])
        #expect(live.cameras[1].tracking.every == 3)
    }

    @Test func tabsAsIndentAreCalledTabs() {
        for text in ["command: detect\ninput:\n\tsources: [a.mp4]", "command: detect\n\tinput: x"] {
            let found = problems(text)
            #expect(found.count == 1 && found[0].contains("tab"), "\(found)")
        }
    }

    @Test func aTypoIsReportedWithItsLineAndTheNearestKey() {
        let found = problems(
            """
            command: detect
            input:
              sources: [a.mp4]
            output:
              cfr: 18
            reslts: x.csv
            """)
        #expect(
            found == [
                "p.yaml:5: \"cfr\" is not known; did you mean \"crf\"?",
                "p.yaml:6: \"reslts\" is not known; did you mean \"results\"?",
            ])
    }

    @Test func aKeyAtTheWrongLevelIsReportedWithItsLevel() {
        let found = problems("command: detect\ncrf: 18\noutput:\n  min-score: 0.5")
        #expect(
            found == [
                "p.yaml:2: \"crf\" is not known here; did you mean \"output.crf\"?",
                "p.yaml:4: \"min-score\" is not known here; did you mean \"objects.min-score\"?",
            ])
    }

    @Test func allProblemsAreReportedAtOnce() {
        let found = problems(
            """
            command: detekt
            input:
              start: soon
            output:
              crf: [1, 2]
              video: maybe
            """)
        #expect(found.count == 4)
        #expect(found[0] == "p.yaml:1: command: \"detekt\" is not known; did you mean \"detect\"?")
        #expect(found[1].hasPrefix("p.yaml:3: \"input.start\" must be a time"))
        #expect(found[2] == "p.yaml:5: \"output.crf\" takes one value")
    }

    @Test(arguments: [
        "", "just words", "[1, 2]", "command: detect\ninput: 5", "command: detect\n a: b\n  c",
        "command: detect\ncommand: detect", "\u{0}", "command: [", "&a [*a]", "{", "? ? ?",
        "command: detect\ninput: {sources: {a: b}}", "command: detect\ninput: {sources: [[1],[2]]}",
        "x: detect",
    ])
    func wrongValuesAreRefusedWithAReason(text: String) {
        let found = problems(text)
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.hasPrefix("p.yaml") })
    }

    @Test func overridesComeAfterTheFile() throws {
        let text = "command: detect\ninput: {sources: a.mp4}\noutput: {crf: 18}"
        #expect(try read(text, ["output.crf=30"]).output.crf == 30)
        #expect(problems(text, ["crf=30"]).first?.hasPrefix("p.yaml: --set:") == true)
        #expect(problems(text, ["output.crf"]).count == 1)
    }

    @Test func contradictionsAreReported() {
        let text = "command: detect\ninput: {sources: a}\noutput: {crf: 1, bitrate: 1M}"
        #expect(problems(text).count == 1)
    }

    @Test func thePrintedTextReadsBackAsTheSame() throws {
        var description = DetectDescription()
        description.input.sources = ["a b.mp4", "rtsp://x:1/y", "-", "@list", "\"q\"\\", "yes"]
        description.input.start = 12.5
        description.model.inputSize = PictureSize(width: 320, height: 320)
        description.objects.minScore = 0.25
        description.objects.ignored = [
            .rectangle(FractionRectangle(x: 0, y: 0.9, width: 1, height: 0.1))
        ]
        description.output.bitrate = 2_500_000
        description.results = ["-", "x.mot.txt"]
        #expect(try read(PipelineText.yaml(description)) == description)
    }

    @Test func everyShippedDefinitionIsValid() throws {
        for url in try PipelineFixtures.shipped() {
            let text = try String(contentsOf: url, encoding: .utf8)
            _ = try PipelineFile(text, name: url.lastPathComponent)
        }
    }

    @Test func randomlyDamagedFilesNeverCrash() throws {
        let seed = Array(
            PipelineText.yaml(DetectDescription()).utf8 + Array("input: {sources: a}".utf8))
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
                    UInt8.random(in: 1...255, using: &generator)
            }
            _ = problems(String(decoding: bytes, as: UTF8.self))
        }
    }
}

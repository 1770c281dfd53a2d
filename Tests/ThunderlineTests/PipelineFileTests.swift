import Foundation
import Pipeline
import TestSupport
import Testing

extension ProgramTests {
    /// Pipeline files, and that they say the same as a command line.
    struct PipelineFileTests {
        private var shipped: [URL] {
            let folder = Shared.root.appendingPathComponent("Pipelines")
            let all = try? FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: nil)
            return (all ?? []).filter { $0.pathExtension == "yaml" }
        }

        @Test func everyShippedFileChecksAsItIs() throws {
            #expect(shipped.count >= 4)
            for file in shipped {
                let checked = try Program.run(["check", file.path])
                #expect(checked.status == 0, "\(file.lastPathComponent): \(checked.complaint)")
            }
        }

        @Test func everyShippedFileRuns() throws {
            let small = try Media.small()
            for file in shipped {
                let overrides =
                    ["input.sources=\(small)", "input.duration=0.2", "model.input=64x64"]
                    .flatMap { ["--set", $0] }
                let out = try Scratch()
                let ran = try Program.run(["run", file.path] + overrides, in: out.url)
                #expect(ran.status == 0, "\(file.lastPathComponent): \(ran.complaint)")
                #expect(!out.names.isEmpty)
                #expect(out.names.allSatisfy { !$0.contains(".partial.") })
            }
        }

        @Test func whatCheckPrintsChecksAndMeansTheSame() throws {
            let out = try Scratch()
            for file in shipped {
                let once = try Program.run(["check", file.path, "--set", "input.sources=a.mp4"])
                let again = try Program.run(["check", out.write("again.yaml", once.output)])
                #expect(again.output == once.output)
            }
        }

        @Test func aFileAndACommandLineGiveTheSame() throws {
            let out = try Scratch()
            let small = try Media.small()
            let line = try Program.run([
                "detect", small, "--no-video", "--results", "-", "--input", "64x64", "--every", "4",
                "--start", "0.2", "--duration", "1", "--classes", "car,truck", "--min-score", "0.1",
                "--ignore", "0,0.9,1,0.1", "--quiet",
            ])
            let file = try out.write(
                "same.yaml",
                """
                command: detect
                input: { sources: "\(small)", start: 0.2, duration: 1s }
                model: { input: 64x64 }
                tracking: { every: 4 }
                objects: { classes: [car, truck], min-score: 0.1, ignore: [[0, 0.9, 1, 0.1]] }
                output: { video: false }
                results: "-"
                quiet: true
                """)
            let run = try Program.run(["run", file])
            #expect(line.status == 0 && run.status == 0)
            #expect(line.data == run.data && !line.data.isEmpty)
            let set = try Program.run(["run", file, "--set", "tracking.every=2"])
            #expect(set.data != run.data)
            #expect(try Program.run(["run", file, "--set", "tracking.evry=2"]).status == 64)
        }

        @Test func theCommandLineKnowsEverySetting() throws {
            let help = try Program.run(["detect", "--help"]).output
            for setting in DetectSettings.all {
                guard let option = setting.option else { continue }
                #expect(help.contains(option), "\(setting.key)")
            }
            let known = Set(DetectSettings.all.compactMap(\.option)).union(["--help", "--version"])
            let found = help.matches(of: /--[a-z][a-z-]+/).map { String($0.output) }
            for option in Set(found) { #expect(known.contains(option), "\(option)") }
        }

        @Test func theSchemaIsJSONAndKnowsEveryKey() throws {
            let data = try Program.run(["check", "--schema"]).data
            let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            let properties = try #require(root["properties"] as? [String: Any])
            for setting in DetectSettings.all {
                var level: [String: Any]? = properties
                for part in setting.key.split(separator: ".") {
                    let next = level?[String(part)] as? [String: Any]
                    #expect(next != nil, "\(setting.key)")
                    level = next?["properties"] as? [String: Any]
                }
            }
        }
    }
}

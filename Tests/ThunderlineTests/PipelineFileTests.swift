import Configuration
import Foundation
import Pipeline
import TestSupport
import Testing

extension ProgramTests {
    /// Pipeline files, and their equivalence to command lines.
    struct PipelineFileTests {
        /// The shipped pipeline files of one command.
        private func shipped(_ command: String) throws -> [URL] {
            let folder = Shared.root.appendingPathComponent("Pipelines")
            let all = try FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: nil)
            return try all.filter { url in
                try url.pathExtension == "yaml"
                    && String(contentsOf: url, encoding: .utf8).contains("command: \(command)")
            }
        }

        @Test func everyShippedPipelineFileIsValid() throws {
            let files = try ["detect", "bench", "live"].flatMap(shipped)
            #expect(files.count >= 6)
            for file in files {
                let checked = try Program.run(["check", file.path])
                #expect(checked.status == 0, "\(file.lastPathComponent): \(checked.standardError)")
            }
        }

        @Test func everyShippedPipelineFileOfRecordingsRuns() throws {
            let small = try Media.small()
            for file in try shipped("detect") + shipped("bench") {
                let isBench = file.lastPathComponent == "bench.yaml"
                let overrides =
                    (["input.sources=\(small)", "input.duration=0.2", "model.input=64x64"]
                    + (isBench ? ["bench.time=0.3", "bench.warmup=0"] : []))
                    .flatMap { ["--set", $0] }
                let out = try Scratch()
                let ran = try Program.run(["run", file.path] + overrides, in: out.url)
                #expect(ran.status == 0, "\(file.lastPathComponent): \(ran.standardError)")
                // A benchmark prints its report to standard output.
                #expect(!out.names.isEmpty || ran.output.contains("detector_calls"))
                #expect(out.names.allSatisfy { !$0.contains(".partial.") })
            }
        }

        @Test func theOutputOfCheckReadsBackAsTheSame() throws {
            let out = try Scratch()
            let overrides = ["detect": ["--set", "input.sources=a.mp4"], "live": []]
            for (command, overrides) in overrides {
                #expect(try !shipped(command).isEmpty)
                for file in try shipped(command) { try expectSameTwice(file, overrides, out) }
            }
        }

        private func expectSameTwice(_ file: URL, _ overrides: [String], _ out: Scratch) throws {
            let once = try Program.run(["check", file.path] + overrides)
            #expect(once.status == 0, "\(once.standardError)")
            let again = try Program.run(["check", out.write("again.yaml", once.output)])
            #expect(again.output == once.output)
        }

        @Test func aPipelineFileAndACommandLineGiveTheSameResults() throws {
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
            try expectOptions("detect", DetectSettingTable.all.compactMap(\.option))
            try expectOptions("live", LiveSettingTable.all.compactMap(\.option) + ["--set"])
        }

        private func expectOptions(_ command: String, _ options: [String]) throws {
            let help = try Program.run([command, "--help"]).output
            for option in options { #expect(help.contains(option)) }
            let known = Set(options).union(["--help", "--version"])
            let found = help.matches(of: /--[a-z][a-z-]+/).map { String($0.output) }
            for option in Set(found) { #expect(known.contains(option), "\(option)") }
        }

        @Test func theSchemaIsJSONAndKnowsEveryKey() throws {
            let data = try Program.run(["check", "--schema"]).data
            let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            let commands = try #require(root["oneOf"] as? [[String: Any]])
            let keys = [
                DetectSettingTable.all.map(\.key), BenchSettingTable.all.map(\.key),
                LiveSettingTable.all.map(\.key), TrainSettingTable.all.map(\.key),
            ]
            #expect(commands.count == keys.count)
            for (command, keys) in zip(commands, keys) {
                try expect(keys, in: try #require(command["properties"] as? [String: Any]))
            }
        }

        private func expect(_ keys: [String], in properties: [String: Any]) throws {
            for key in keys {
                var level: [String: Any]? = properties
                for part in key.split(separator: ".") {
                    let next = level?[String(part)] as? [String: Any]
                    #expect(next != nil, "\(key)")
                    level = next?["properties"] as? [String: Any]
                }
            }
        }
    }
}

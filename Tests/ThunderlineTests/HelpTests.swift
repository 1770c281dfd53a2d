import Configuration
import Foundation
import Pipeline
import TestSupport
import Testing

extension ProgramTests {
    /// Help, completions and reports of the program.
    struct HelpTests {
        @Test(arguments: [
            "detect", "live", "run", "check", "bench", "eval", "probe", "models", "export",
            "dataset",
        ])
        func everyCommandShowsExamples(command: String) throws {
            let ended = try Program.run([command, "--help"])
            #expect(ended.status == 0)
            #expect(ended.output.contains("Examples:"))
            #expect(ended.output.contains("thunderline \(command) "))
        }

        @Test(arguments: [
            ("bash", "complete "), ("zsh", "#compdef thunderline"), ("fish", "complete -c"),
        ])
        func completionsAreGenerated(shell: String, mark: String) throws {
            let ended = try Program.run(["--generate-completion-script", shell])
            #expect(ended.status == 0)
            #expect(ended.output.contains(mark))
            #expect(ended.output.contains("skip-existing"))
        }

        @Test(arguments: [
            ("detect dri", "drive.mp4"), ("check ar", "archive.yaml"),
            ("detect --fit \"\"", "stretch letterbox"), ("detect --audio c", "copy"),
        ])
        func bashCompletesFilesAndWords(typed: String, offered: String) throws {
            let scratch = try Scratch()
            for name in ["drive.mp4", "archive.yaml"] { try scratch.write(name, "") }
            let script = try Program.run(["--generate-completion-script", "bash"]).output
            let asked = """
                COMP_WORDS=(thunderline \(typed))
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _thunderline thunderline "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
                echo ${COMPREPLY[@]}
                """
            let ended = try Command(["bash", "-c"], folder: scratch.url).run([script + asked])
            #expect(ended.lines == [offered], "\(ended.standardError)")
            #expect(scratch.names.count == 2)
        }

        @Test func choicesAreNamed() throws {
            let help = try Program.run(["detect", "--help"]).output
            for words in ["stretch|letterbox", "yuv420p|source", "auto|copy|none"] {
                #expect(help.contains(words), "\(words)")
            }
        }

        @Test func theVersionIsPrinted() throws {
            let ended = try Program.run(["--version"])
            #expect(ended.status == 0)
            #expect(ended.output.firstMatch(of: /^\d+\.\d+\.\d+ \(libavformat \d+/) != nil)
        }

        @Test func quietRunsPrintNothing() throws {
            let out = try Scratch()
            let ended = try Program.detect([
                Media.small(), "--quiet", "--no-video", "--results", out.path("r.csv"),
            ])
            #expect(ended.status == 0)
            #expect(ended.standardError.isEmpty && ended.data.isEmpty)
        }

        @Test func theLastLineIsTheSumOfFrames() throws {
            let ended = try Program.detect([
                Media.small(), "--every", "5", "--no-video", "--results", "-",
            ])
            #expect(
                ended.standardError.contains("50 decoded = 10 detected + 40 tracked + 0 dropped"))
        }

        @Test func modelsAreListedDescribedAndVerified() throws {
            #expect(try Program.run(["models"]).lines == ["driving"])
            let card = try Program.run(["models", "describe", "driving"])
            for part in [
                "person, bicycle, car", "640×352", "snet146", "AP 0.1114, AP50 0.2183",
                "961 pictures", "non-commercial", "multiply-adds", "int8",
            ] { #expect(card.output.contains(part), "\(part) is missing") }
            #expect(card.lines.allSatisfy { $0.count < 120 })
            let json = try Program.run(["models", "describe", "driving", "--json"]).output
            let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            #expect(object?["parameters"] as? Int == 1_796_244)
            #expect((object?["description"] as? [String: Any])?["backbone"] as? String == "snet146")
            #expect(try Program.run(["models", "verify", "driving"]).output.contains("all well"))
            #expect(try Program.run(["models", "verify", "nothing"]).status == 76)
        }

        @Test func wrongBackboneListsTheBackbones() throws {
            let scratch = try Scratch()
            for command in [["bench", "network"], ["export", "-o", scratch.path("a.onnx")]] {
                let ended = try Program.run(command + ["--backbone", "snet50"])
                #expect(ended.status == 64)
                #expect(ended.standardError.contains("did you mean \"snet49\"?"))
                #expect(ended.standardError.contains("menet-108-8x1"))
            }
        }

        @Test func anInputIsProbed() throws {
            let ended = try Program.run(["probe", Media.small()])
            #expect(ended.status == 0)
            #expect(ended.output.contains("160x96"))
            #expect(ended.output.contains("50 frames"))
            #expect(try Program.run(["probe", "/nowhere.mp4"]).status == 66)
            let still = try Media.make("still.png", "-f lavfi -i testsrc2=size=96x96 -frames:v 1")
            #expect(try Program.run(["probe", still]).lines.contains("  time: 1 frame"))
        }

        @Test func aBenchNamesWhatItCounts() throws {
            let arguments = ["bench", try Media.small(), "--input", "64x64"]
            let text = try Program.run(arguments).output
            for word in ["decode alone", "whole pipeline", "bottleneck", "cameras of 15 frames/s"] {
                #expect(text.contains(word), "\(word)")
            }
            let json = try Program.run(arguments + ["--json"]).data
            let root = try JSONSerialization.jsonObject(with: json) as? [String: Any]
            #expect((root?["passes"] as? [Any])?.count == 3)
            #expect(root?["cameras_15fps"] is Int)
        }

        @Test func theCommandLineOfABenchKnowsEverySetting() throws {
            let help = try Program.run(["bench", "--help"]).output
            for option in BenchSettingTable.all.compactMap(\.option) {
                #expect(help.contains(option), "\(option)")
            }
        }

        @Test func theBareNetworkIsTimed() throws {
            let ended = try Program.run([
                "bench", "network", "--backbone", "snet49", "--input", "64x64", "--threads", "1",
                "--precision", "float32", "--time", "0.2", "--profile", "--json",
            ])
            #expect(ended.status == 0, "\(ended.standardError)")
            let root = try JSONSerialization.jsonObject(with: ended.data) as? [String: Any]
            for key in ["median_ms", "gflops", "limit_gflops"] {
                #expect(root?[key] as? Double ?? 0 > 0, "\(key)")
            }
            #expect((root?["layers"] as? [Any])?.isEmpty == false)
            let accuracy = root?["accuracy"] as? [String: Any]
            #expect(accuracy?["source"] as? String == "random weights")
            #expect(root?["drift"] is Double)
        }

        @Test(arguments: [["bench", "network"], ["export", "-o", "x.onnx"]])
        func anUnknownBackboneIsAnsweredWithTheKnownOnes(command: [String]) throws {
            let ended = try Program.run(command + ["--backbone", "resnet"])
            #expect(ended.status == 64)
            for name in ["snet49", "snet146", "snet535"] {
                #expect(ended.standardError.contains(name), "\(ended.standardError)")
            }
            let near = try Program.run(command + ["--backbone", "snet48"])
            #expect(
                near.standardError.contains("did you mean \"snet49\"?"), "\(near.standardError)")
        }

        @Test func theHelpGroupsTheCommands() throws {
            let help = try Program.run(["--help"]).output
            for group in ["WATCH", "PIPELINE FILE", "INSPECT", "MEASURE", "MODEL"] {
                #expect(help.contains("\(group) SUBCOMMANDS:"), "\(group)")
            }
        }

        @Test func theTablesOfTheEngineComparisonAreRight() throws {
            let table = Shared.root.appendingPathComponent("Tests/Benchmarks/engine_table.py")
            let ended = try Command(["python3", "-B", "-m", "doctest", table.path]).run()
            #expect(ended.status == 0, "\(ended.output)")
        }

        @Test(arguments: ["single-stream", "multi-stream", "offline", "live"])
        func everyScenarioMeasuresNetworkDetectorAndPipeline(scenario: String) throws {
            let ended = try Program.run([
                "bench", scenario, Media.small(), "--input", "64x64", "--time", "0.3", "--warmup",
                "0", "--repeats", "2", "--json",
            ])
            #expect(ended.status == 0, "\(ended.standardError)")
            let root = try JSONSerialization.jsonObject(with: ended.data) as? [String: Any]
            let metrics = root?["metrics"] as? [String: Any]
            #expect(metrics?["network_ms"] != nil && metrics?["pipeline_frames_per_wall_s"] != nil)
            #expect(root?["detector_processor_ms"] as? Double ?? 0 > 0)
            #expect(root?["detector_threads"] is [String: Any] && root?["drift"] is Double)
        }
    }
}

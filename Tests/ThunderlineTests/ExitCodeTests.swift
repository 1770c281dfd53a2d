import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// Each kind of error has one sentence and its documented exit code.
    struct ExitCodeTests {
        private func expect(
            _ status: Int32, _ words: String, _ arguments: [String], command: Command? = nil,
            place: SourceLocation = #_sourceLocation
        ) throws {
            let scratch = try Scratch()
            let program = try command ?? Program.command()
            let ended = try program.run(
                ["detect"] + arguments + ["-o", scratch.path("out.mp4")] + Program.quick)
            #expect(ended.status == status, "\(ended.standardError)", sourceLocation: place)
            #expect(
                ended.standardError.contains(words), "\(ended.standardError)", sourceLocation: place
            )
            #expect(scratch.names.allSatisfy { $0.contains(".partial.") }, sourceLocation: place)
        }

        @Test func wrongCommandLinesAre64() throws {
            let small = try Media.small()
            try expect(64, "There is no input", [])
            try expect(64, "Unknown option", [small, "--nonsense"])
            try expect(64, "0 to 63", [small, "--crf", "high"])
            try expect(64, "give one", [small, "--crf", "20", "--bitrate", "1M"])
            try expect(64, "did you mean \"car\"", [small, "--classes", "carr"])
            try expect(64, "must end in one of", [small, "--results", "x.xml"])
            try expect(64, "font", [small, "--font", "/none.ttf"])
        }

        @Test func detectorsThatCannotRunAreReportedBeforeCamerasAreOpened() throws {
            var program = try Program.command()
            program.environment["THUNDERLINE_CPU"] = "portable"
            let ended = try program.run([
                "live", "rtsp://127.0.0.1:9/x", "--precision", "bfloat16", "--for", "30s",
            ])
            #expect(ended.status == 76 && ended.standardError.contains("try float32"))
        }

        @Test func anUnwritableStandardErrorEndsNothing() throws {
            let path = try #require(Program.path)
            let shell = Command(["sh", "-c", "\"$0\" probe nowhere.mp4 2>/dev/full", path])
            #expect(try shell.run().status == 66)
        }

        @Test func aFullDiskBehindStandardOutputHasItsOwnCode() throws {
            let path = try #require(Program.path)
            let script = "\"$0\" detect \"$1\" --no-video --results - >/dev/full"
            let ended = try Command(["sh", "-c", script, path, Media.small()]).run()
            #expect(ended.status == 74 && ended.standardError.contains("no space left"))
        }

        @Test(arguments: [
            ("detect", ["drive.mp4", "--crf", "high"]),
            ("bench", ["--bitrate", "1M", "--crf", "20"]),
            ("live", ["rtsp://camera/1", "--detect-fps", "often"]),
            ("eval", ["cars.json", "--precision", "float64"]),
        ])
        func wrongSettingsAreReportedWithTheUsageOfTheirCommand(
            _ command: String, _ arguments: [String]
        ) throws {
            let ended = try Program.run([command] + arguments)
            #expect(ended.status == 64)
            #expect(ended.standardError.contains("Usage: thunderline \(command) "))
        }

        @Test(arguments: [["export"], ["quantize", "none.mp4"]])
        func unwritableOutputsExitWith73BeforeAnyWork(_ arguments: [String]) throws {
            let scratch = try Scratch()
            let taken = try scratch.write("taken.bin", "mine")
            for (path, words) in [(taken, "it exists"), (scratch.path("no/x.bin"), "its folder")] {
                let ended = try Program.run(arguments + ["-o", path])
                #expect(ended.status == 73)
                #expect(ended.standardError.contains(words), "\(ended.standardError)")
            }
            #expect(scratch.names == ["taken.bin"])
        }

        @Test func aMissingFontIsAnErrorOnlyWhereSomethingIsDrawn() throws {
            for source in [
                try Media.small(),
                try Media.make("still.png", "-f lavfi -i testsrc2=duration=0.04"),
            ] {
                let ended = try Program.detect(
                    [source, "--font", "/none.ttf", "--no-video", "--results", "-"])
                #expect(ended.status == 0, "\(ended.standardError)")
                #expect(!ended.lines.isEmpty)
            }
        }

        @Test func wrongPipelineFilesAre64WithTheirLine() throws {
            let scratch = try Scratch()
            let file = try scratch.write("bad.yaml", "command: detect\noutput:\n  cfr: 18\n")
            for command in ["run", "check"] {
                let ended = try Program.run([command, file])
                #expect(ended.status == 64)
                #expect(ended.standardError.contains("bad.yaml:3: \"cfr\" is not known"))
                #expect(ended.standardError.contains("did you mean \"crf\""))
            }
            #expect(try Program.run(["run", scratch.path("none.yaml")]).status == 66)
        }

        @Test func missingInputsExitWith66() throws {
            try expect(66, "no such file", ["/nowhere/drive.mp4"])
            try expect(66, "Nothing matches", ["/nowhere/*.mp4"])
            try expect(66, "No such file", ["/dev/video99"])
            try expect(66, "resolve", ["http://nobody.invalid/drive.mp4"])
            try expect(66, "refused", ["rtsp://127.0.0.1:1/stream"])
        }

        @Test func audioAloneExitsWith68() throws {
            let sound = try Media.make("sound.m4a", "-f lavfi -i sine=440:duration=1 -c:a aac")
            try expect(68, "no video", [sound])
        }

        @Test func otherFilesAre69() throws {
            try expect(
                69, "in no format that FFmpeg knows",
                [Media.write("text.mp4", Data("hello\n".utf8))])
            try expect(69, "empty", [Media.write("empty.mp4", Data())])
        }

        @Test func aRecordingWithoutItsIndexIs70() throws {
            let whole = try Data(contentsOf: URL(fileURLWithPath: Media.small()))
            let index = try #require(whole.range(of: Data("moov".utf8)))
            try expect(70, "index", [Media.write("cut.mp4", whole[..<(index.lowerBound - 4)])])
        }

        @Test func aBrokenImageIs65() throws {
            let broken = Data([0xFF, 0xD8, 0xFF, 0xE0] + [UInt8](repeating: 0, count: 100))
            try expect(65, "damaged", [Media.write("broken.jpg", broken)])
        }

        @Test func aSourceThatNeverAnswersIs72() throws {
            let listener = try SilentServer()
            defer { listener.close() }
            for scheme in ["rtsp", "http"] {
                let address = "\(scheme)://127.0.0.1:\(listener.port)/stream"
                try expect(72, "reached", [address, "--for", "1s"])
            }
        }

        @Test func missingEncodersAre71() throws {
            try expect(71, "no video encoder nope", [Media.small(), "--encoder", "nope"])
        }

        @Test func existingOrUnwritableOutputsExitWith73() throws {
            let scratch = try Scratch()
            let old = try scratch.write("old.mp4", "precious")
            let ended = try Program.detect([Media.small(), "-o", old])
            #expect(ended.status == 73)
            #expect(ended.standardError.contains("--overwrite"))
            #expect(try String(contentsOfFile: old, encoding: .utf8) == "precious")
            #expect(try Program.detect([Media.small(), "-o", "/nowhere/out.mp4"]).status == 73)
            let results = ["--no-video", "--results", try scratch.write("old.csv", "precious")]
            #expect(try Program.detect([Media.small()] + results).status == 73)
        }

        @Test func theSourceItselfIsNeverReplaced() throws {
            let scratch = try Scratch()
            let path = scratch.path("drive.mp4")
            try FileManager.default.copyItem(atPath: Media.small(), toPath: path)
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            let ended = try Program.detect([path, "-o", path, "--overwrite"])
            #expect(ended.status == 64)
            #expect(ended.standardError.contains("the source itself"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }

        @Test func wrongModelsExitWith76() throws {
            let small = try Media.small()
            try expect(76, "Models by name: driving", [small, "--model", "drivin"])
            try expect(76, "no such file", [small, "--model", "/none.safetensors"])
            let junk = try Media.write("junk.safetensors", Data(repeating: 0xFF, count: 1000))
            try expect(76, "junk.safetensors", [small, "--model", junk])
        }

        @Test func aWrongEnvironmentVariableExitsWith64AndListsTheValidOnes() throws {
            var program = try Program.command()
            program.environment = ["THUNDERLINE_CPU": "typo"]
            try expect(64, "try portable, neon, avx2, avx512", [Media.small()], command: program)
            #expect(try program.run(["bench", "network", "--time", "0.1"]).status == 64)
        }

        @Test func unreadableInputsExitWith67() throws {
            guard geteuid() == 0 else { return print("SKIPPED: needs root to lock a file away") }
            let scratch = try Scratch()
            let locked = scratch.path("locked.mp4")
            try FileManager.default.copyItem(atPath: Media.small(), toPath: locked)
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: locked)
            var somebody = try Program.command()
            somebody.words = ["setpriv", "--reuid", "65534", "--clear-groups"] + somebody.words
            guard try somebody.run(["--version"]).status == 0 else {
                return print("SKIPPED: nobody else may run the program where it lies")
            }
            let ended = try somebody.run(["detect", locked, "--no-video", "--results", "-"])
            #expect(ended.status == 67)
            #expect(ended.standardError.contains("permission denied"))
        }

        @Test func aFullDiskExitsWith74AndLeavesAPlayableFile() throws {
            let scratch = try Scratch()
            let mount = Command(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs"])
            guard try mount.run([scratch.url.path]).status == 0 else {
                return print("SKIPPED: no small disk can be mounted here")
            }
            defer { _ = try? Command(["umount", "-l"]).run([scratch.url.path]) }
            let long = try Media.make(
                "noise.mp4",
                "-f lavfi -i testsrc2=size=320x192:rate=25:duration=20,noise=alls=60:allf=t "
                    + "-c:v libx264 -preset ultrafast -g 25 -pix_fmt yuv420p")
            let ended = try Program.detect([long, "-o", scratch.path("out.mp4")])
            #expect(ended.status == 74, "\(ended.standardError)")
            #expect(ended.standardError.lowercased().contains("space"))
            let left = try #require(scratch.names.first { $0.hasPrefix("out") })
            #expect(try MediaFacts(scratch.path(left)).timestamps.count >= 25)
        }

        @Test func everyCodeIsDocumentedInTheHelp() throws {
            let help = try Program.run(["--help"]).output
            for code in [0, 1] + Array(64...76) + [130] {
                #expect(help.contains("  \(code)  "), "exit code \(code)")
            }
        }
    }
}

import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// Nothing of anybody's is destroyed, and nothing leaks, by the program as a whole.
    @Suite(.timeLimit(.minutes(3)))
    struct SafetyTests {
        private func text(_ path: String) throws -> String {
            try String(contentsOfFile: path, encoding: .utf8)
        }

        @Test func theSecondOfTwoRunsWithOneResultsFileIsRefused() throws {
            let scratch = try Scratch()
            let camera = try CameraServer(CameraScript(Media.cameraView()))
            let results = ["--no-video", "--results", scratch.path("r.ndjson"), "--input", "64x64"]
            var second: Command.Ended?
            let first = try Program.run(["detect", camera.address(), "--for", "6s"] + results) {
                _ in
                let end = Date(timeIntervalSinceNow: 30)
                while Date() < end, scratch.names.isEmpty { usleep(10_000) }
                second = try Program.run(["detect", Media.small()] + results)
            }
            #expect(first.status == 0, "\(first.standardError)")
            #expect(second?.status == 73, "\(second?.standardError ?? "")")
            let lines = try FrameLine.all(Data(contentsOf: scratch.file("r.ndjson")))
            #expect(lines.count > 5 && Set(lines.map(\.source)).count == 1)
        }

        @Test(arguments: ["out.mp4", "out.partial.mp4", "out.partial.ndjson", "out.finishing.mp4"])
        func linksAreRefusedBeforeAnyWork(name: String) throws {
            let scratch = try Scratch()
            let mine = try scratch.write("mine", "mine")
            try FileManager.default.createSymbolicLink(
                atPath: scratch.path(name), withDestinationPath: mine)
            let ended = try Program.detect([
                Media.small(), "-o", scratch.path("out.mp4"), "--results",
                scratch.path("out.ndjson"), "--overwrite",
            ])
            #expect(ended.status == 73, "\(ended.standardError)")
            #expect(
                ended.standardError.contains("link") && !ended.standardError.contains("decoded"))
            #expect(try text(mine) == "mine")
            #expect(scratch.names == ["mine", name].sorted())
        }

        @Test func aLimitOnFileSizeIsAFullDisk() throws {
            let scratch = try Scratch()
            let shell = Command([
                "sh", "-c", "ulimit -f 8; exec \"$0\" \"$@\"", try #require(Program.path),
            ])
            let ended = try shell.run(
                ["detect", Media.small(), "-o", scratch.path("out.mp4")] + Program.quick)
            #expect(ended.status == 74, "\(ended.status) \(ended.standardError)")
            #expect(ended.standardError.contains("ulimit"))
        }

        /// Cameras are watched although nothing more can be recorded.
        @Test func aLimitOnFileSizeEndsNoCamera() throws {
            let scratch = try Scratch()
            let camera = try CameraServer(CameraScript(Media.cameraView()))
            let shell = Command([
                "sh", "-c", "ulimit -f 8; exec \"$0\" \"$@\"", try #require(Program.path),
            ])
            let ended = try shell.run([
                "live", "gate=\(camera.address())", "--record", scratch.path("rec"), "--for", "6s",
                "--input", "320x192",
            ])
            #expect(ended.status == 74, "\(ended.status) \(ended.standardError)")
            #expect(ended.standardError.contains("the camera is still watched"))
        }

        @Test func aHangupEndsARunInOrder() throws {
            let scratch = try Scratch()
            let camera = try CameraServer(CameraScript(Media.cameraView()))
            let ended = try Program.command().run([
                "detect", camera.address(), "-o", scratch.path("out.mp4"), "--input", "64x64",
            ]) { process in
                let end = Date(timeIntervalSinceNow: 30)
                let partial = scratch.path("out.partial.mp4")
                let size = {
                    ((try? FileManager.default.attributesOfItem(atPath: partial)[.size]) as? Int)
                        ?? 0
                }
                while Date() < end, size() == 0 { usleep(50_000) }
                kill(process.processIdentifier, SIGHUP)
            }
            #expect(
                ended.status == 0 || ended.status == 130, "\(ended.status) \(ended.standardError)")
            #expect(scratch.names == ["out.mp4"])
            #expect(try MediaFacts(scratch.path("out.mp4")).timestamps.count > 0)
        }

        @Test func checkPrintsNoPasswords() throws {
            let scratch = try Scratch()
            let file = try scratch.write(
                "a.yaml",
                "command: live\ncameras: [\"gate=rtsp://admin:geheim@10.0.0.2/1?sig=sesam\"]\n")
            let ended = try Program.run(["check", file])
            #expect(ended.status == 0 && ended.output.contains("rtsp://***@10.0.0.2/1?sig=***"))
            #expect(ended.standardError.contains("***"))
            let wrong = try Program.run(
                ["check", file, "--set", "connection.transport=rtsp://admin:geheim@10.0.0.2/1"])
            #expect(wrong.status == 64)
            let usage = try Program.run([
                "live", "rtsp:a:geheim@h", "--transport", "http://u:geheim@h/",
            ])
            #expect(usage.status == 64)
            for ended in [ended, wrong, usage] {
                #expect(!(ended.output + ended.standardError).contains("geheim"))
                #expect(!(ended.output + ended.standardError).contains("sesam"))
            }
        }

        /// Names of files, and what cameras answer, must not steer the terminal that shows them.
        @Test func controlCharactersDoNotReachTheTerminal() throws {
            let odd = "a\u{1B}]0;x\u{7}\u{9B}31m\u{202E}gpj.mp4"
            let camera = try RawServer { client, request in
                client.send(RawServer.rtsp(request, "404 \u{1B}[2J\u{9B}5m"))
            }
            for arguments in [
                ["detect", odd, "--no-video"], ["probe", odd], ["check", odd + ".yaml"],
                ["probe", "rtsp://127.0.0.1:\(camera.port)/x"], ["detect", "--\u{1B}[2J"],
                ["models", "describe", odd], ["nothing\u{1B}[2J"],
            ] {
                let ended = try Program.run(arguments)
                #expect(ended.status != 0 && !ended.standardError.isEmpty)
                let told = ended.output + ended.standardError
                let steering = told.unicodeScalars.filter {
                    $0 != "\n"
                        && ($0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0 == "\u{202E}")
                }
                #expect(steering.isEmpty, "\(arguments)")
            }
        }

        @Test func recordingsAreNotForOtherUsers() throws {
            let scratch = try Scratch()
            let camera = try CameraServer(CameraScript(Media.cameraView()))
            let ended = try Program.run([
                "live", "gate=\(camera.address())", "--record", scratch.path("rec"), "--events",
                scratch.path("events.ndjson"), "--for", "4s", "--input", "320x192",
            ])
            #expect(ended.status == 0, "\(ended.standardError)")
            let names = try FileManager.default.subpathsOfDirectory(atPath: scratch.url.path)
            #expect(names.contains { $0.hasSuffix(".mp4") || $0.hasSuffix(".mkv") })
            for name in names {
                let facts = try FileManager.default.attributesOfItem(atPath: scratch.path(name))
                #expect((facts[.posixPermissions] as? Int ?? 7) & 0o007 == 0, "\(name)")
            }
        }
    }
}

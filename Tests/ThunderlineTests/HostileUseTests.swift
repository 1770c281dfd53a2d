import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// Odd descriptors, names and outputs: no file is lost, and no failure goes unsaid.
    @Suite(.timeLimit(.minutes(3)))
    struct HostileUseTests {
        private func shell(_ redirection: String) throws -> Command {
            Command(["sh", "-c", "exec \"$0\" \"$@\" \(redirection)", try #require(Program.path)])
        }

        /// Path of a small image.
        private static func image() throws -> String {
            try Media.make(
                "hostile-use.png", "-f lavfi -i testsrc2=size=96x64:duration=0.04 -frames:v 1")
        }

        @Test(arguments: [
            ["models"], ["check", "--schema"], ["probe", "SMALL"], ["probe", "SMALL", "--json"],
            ["--version"], ["help", "detect"],
        ])
        func aFullDiskUnderStandardOutputIsTold(arguments: [String]) throws {
            let small = try Media.small()
            let ended = try shell("> /dev/full").run(
                arguments.map { $0 == "SMALL" ? small : $0 })
            #expect(ended.status == 74, "\(ended.status) \(ended.standardError)")
            #expect(ended.standardError.contains("standard output: no space left"))
        }

        @Test func aClosedStandardOutputIsTold() throws {
            let ended = try shell(">&-").run(["models"])
            #expect(ended.status == 73, "\(ended.status) \(ended.standardError)")
            #expect(ended.standardError.contains("Bad file descriptor"), "\(ended.standardError)")
        }

        /// Messages would else be written into the output that has the number of standard error.
        @Test func noOutputTakesThePlaceOfAClosedStandardFile() throws {
            let scratch = try Scratch()
            let camera = try CameraServer(CameraScript(Media.cameraView()))
            var places: [String] = []
            let ended = try shell("<&- >&- 2>&-").run([
                "detect", camera.address(), "--for", "3s", "--no-video", "--results",
                scratch.path("r.ndjson"), "--events", scratch.path("e.ndjson"), "--input", "64x64",
            ]) { process in
                let end = Date(timeIntervalSinceNow: 30)
                while Date() < end, scratch.names.count < 2 { usleep(10_000) }
                places = (0...2).map { file in
                    let link = "/proc/\(process.processIdentifier)/fd/\(file)"
                    return (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? ""
                }
            }
            #expect(ended.status == 0)
            #expect(places == Array(repeating: "/dev/null", count: 3))
        }

        @Test func anOutputThatIsReadIsRefusedByEveryCommand() throws {
            let scratch = try Scratch()
            let data = try Data(contentsOf: URL(fileURLWithPath: Self.image()))
            let mine = try scratch.write("a.png", data).path
            let set =
                #"{"images":[{"id":1,"file_name":"a.png","width":96,"height":64}],"categories":[{"id":1,"name":"car"}],"annotations":[]}"#
            let json = try scratch.write("set.json", set)
            let list = try scratch.write("list.csv", "a.png\n")
            try FileManager.default.createSymbolicLink(
                atPath: scratch.path("here"), withDestinationPath: ".")
            for arguments in [
                ["quantize", "a.png", "-o", "here/a.png"],
                ["quantize", ".", "-o", "here/a.png"],
                ["quantize", "a.png", "--dataset", "set.json", "-o", "here/set.json"],
                ["dataset", "label", "set.json", "-o", "here/set.json"],
                ["dataset", "label", "set.json", "-o", "here/a.png"],
                ["dataset", "check", "set.json", "--sheet", "here/a.png"],
                ["detect", "@list.csv", "--no-video", "--results", "here/list.csv"],
                ["detect", "a.png", "-o", "here/a.png"],
            ] {
                let ended = try Program.run(arguments + ["--overwrite"], in: scratch.url)
                #expect(ended.status == 64, "\(arguments) \(ended.status) \(ended.standardError)")
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: mine)) == data)
            #expect(try String(contentsOfFile: json, encoding: .utf8) == set)
            #expect(try String(contentsOfFile: list, encoding: .utf8) == "a.png\n")
        }

        @Test func aContactSheetReplacesNothingUnasked() throws {
            let scratch = try Scratch()
            try scratch.write("sheet.png", "mine")
            try scratch.write(
                "images/a.png", Data(contentsOf: URL(fileURLWithPath: Self.image())))
            try scratch.write("labels/a.txt", "0 .5 .5 .5 .5\n")
            try scratch.write("data.yaml", "train: images\nnames: [car]\n")
            let check = ["dataset", "check", "data.yaml", "--sheet", "sheet.png"]
            #expect(try Program.run(check, in: scratch.url).status == 73)
            #expect(try String(contentsOf: scratch.file("sheet.png"), encoding: .utf8) == "mine")
            #expect(try Program.run(check + ["--overwrite"], in: scratch.url).status == 0)
        }

        @Test func twoNamesOfOneOutputAreRefusedBeforeAnyWork() throws {
            let scratch = try Scratch()
            try FileManager.default.createSymbolicLink(
                atPath: scratch.path("here"), withDestinationPath: ".")
            let line = ["--line", "a=0.1,0.5 0.9,0.5", "--no-video", "--overwrite"]
            for outputs in [
                ["--counts", "r.csv", "--heat-map", "here/r.csv"],
                ["--results", "r.csv", "--crossings", "./r.csv"],
                ["--heat-map", "h.png", "--heat-map", "here/h.png"],
            ] {
                let ended = try Program.detect([Media.small()] + outputs + line, in: scratch.url)
                #expect(ended.status == 64, "\(outputs) \(ended.status) \(ended.standardError)")
            }
            #expect(scratch.names == ["here"])
        }

        @Test func aRefusedRunLeavesNoEmptyFile() throws {
            let scratch = try Scratch()
            try scratch.write("c.csv", "mine")
            let ended = try Program.detect(
                [
                    Media.small(), "--no-video", "--results", "r.ndjson", "--counts", "c.csv",
                    "--line", "a=0.1,0.5 0.9,0.5",
                ], in: scratch.url)
            #expect(ended.status == 73, "\(ended.standardError)")
            #expect(scratch.names == ["c.csv"])
        }

        /// A journal takes each line as a message of the service.
        @Test func theNameOfAFileAddsNoLine() throws {
            let scratch = try Scratch()
            try scratch.write("a\nthunderline: all is well.png", "no image")
            let image = try Data(contentsOf: URL(fileURLWithPath: Self.image()))
            try scratch.write("b\nwrote nothing.png", image)
            let ended = try Program.detect([scratch.url.path, "-o", "out/"], in: scratch.url)
            #expect(ended.status == 75, "\(ended.standardError)")
            let lines = ended.standardError.split(separator: "\n")
            #expect(
                !lines.contains { $0.hasPrefix("thunderline: all") || $0 == "wrote nothing.png" })
            let probe = try Program.run(["probe", scratch.path("b\nwrote nothing.png")])
            #expect(!probe.lines.contains { $0.hasPrefix("wrote") }, "\(probe.output)")
        }

        /// A frame of ever more fragments is joined in memory before a decoder sees it.
        @Test func aFrameWithoutAnEndTakesUpNoMemory() throws {
            let description =
                "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
                + "a=rtpmap:96 H264/90000\r\na=control:t\r\n"
            let camera = try RawServer { client, request in
                switch request.prefix(while: { $0 != " " }) {
                case "DESCRIBE":
                    client.send(
                        RawServer.rtsp(
                            request, "200 OK", "Content-Type: application/sdp",
                            "Content-Length: \(description.utf8.count)") + description)
                case "SETUP":
                    client.send(
                        RawServer.rtsp(
                            request, "200 OK", "Session: 1",
                            "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"))
                case "PLAY":
                    client.send(RawServer.rtsp(request, "200 OK", "Session: 1"))
                    var number: UInt16 = 0
                    while client.send(Self.fragment(number)) { number &+= 1 }
                default: client.send(RawServer.rtsp(request, "200 OK", "Public: DESCRIBE, PLAY"))
                }
            }
            var most = 0
            let ended = try Program.run([
                "live", "rtsp://127.0.0.1:\(camera.port)/x", "--for", "8s", "--detectors", "1",
                "--transport", "tcp",
            ]) { process in
                while process.isRunning, most < 1500 {
                    most = max(most, Self.megabytes(process.processIdentifier))
                    usleep(50_000)
                }
                process.terminate()
            }
            #expect(!ended.crashed)
            #expect(most < 1000, "\(most) MB")
        }

        /// RTP over TCP: one more fragment (FU-A) of an H.264 key frame, of which only the first says that it begins.
        private static func fragment(_ number: UInt16) -> [UInt8] {
            let size = 60_000
            let parts = [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
            return [0x24, 0, UInt8((size + 14) >> 8), UInt8((size + 14) & 255), 0x80, 0x60] + parts
                + [0, 0, 0, 0, 0, 0, 0, 7, 0x7C, number == 0 ? 0x85 : 0x05]
                + [UInt8](repeating: 0x7A, count: size)
        }

        /// Resident memory of a process.
        private static func megabytes(_ process: Int32) -> Int {
            let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
            return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first)
                .flatMap { Int($0) }.map { $0 >> 10 } ?? 0
        }
    }
}

import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// `thunderline probe` on cameras.
    struct ProbeTests {
        @Test func aProbedCameraIsReportedWithoutItsPassword() throws {
            var script = CameraScript(try Media.cameraView())
            script.login = ("anna", "secret")
            script.faults = [.silence(seconds: 0.8, frame: 20)]
            let camera = try CameraServer(script)
            let ended = try Program.run(["probe", camera.address("anna:secret"), "--for", "2s"])
            #expect(ended.status == 0, "\(ended.standardError)")
            for words in [
                "rtsp://***@127.0.0.1", "TCP works", "UDP works", "320x192", "25 per second",
                "key frames: at most 25 frames or 1 s apart", "warning: ",
            ] {
                #expect(ended.output.contains(words), "\(words): \(ended.output)")
            }
            #expect(!(ended.output + ended.standardError).contains("secret"))
        }

        @Test func aProbePrintsJSON() throws {
            let camera = try CameraServer(CameraScript(Media.cameraView()))
            let ended = try Program.run([
                "probe", camera.address(), "--for", "2s", "--transport", "udp", "--json",
            ])
            #expect(ended.status == 0 && ended.standardError.isEmpty, "\(ended.standardError)")
            let root = try JSONSerialization.jsonObject(with: ended.data) as? [String: Any]
            #expect(root?["live"] as? Bool == true)
            let keys = root?["key_frames"] as? [String: Any]
            #expect(keys?["frames_apart"] as? Int == 25)
            for (key, former) in [
                ("timestamps", "stamps"), ("audio", "sound"),
                ("largest_frame_bytes", "largest_picture_bytes"),
            ] {
                let (value, formerValue) = (root?[key] as? NSObject, root?[former] as? NSObject)
                #expect(value != nil && value == formerValue, "\(key)")
            }
            let opening = root?["opening"] as? [String: Any]
            #expect(opening?["first_frame"] is Double && opening?["first_picture"] is Double)
            let ways = root?["transports"] as? [[String: Any]]
            #expect(ways?.map { $0["transport"] as? String } == ["udp"])
            #expect((root?["findings"] as? [[String: Any]])?.isEmpty == false)
            let file = try Program.run(["probe", Media.small(), "--json"])
            let recording = try JSONSerialization.jsonObject(with: file.data) as? [String: Any]
            #expect(recording?["frames"] as? Int == 50)
            #expect(recording?["live"] as? Bool == false)
        }

        @Test func aPasswordComesFromAVariableOrAFile() throws {
            var script = CameraScript(try Media.cameraView())
            script.login = ("anna", "sec:ret/")
            let camera = try CameraServer(script)
            let scratch = try Scratch()
            let ask = ["probe", camera.address(), "--for", "1s", "--transport", "tcp"]
            let file = ["--credentials-file", try scratch.write("login", "anna:sec:ret/\n")]
            var command = try Program.command()
            command.environment = ["GATE_LOGIN": "anna:sec:ret/"]
            let variable = ["--credentials-variable", "GATE_LOGIN"]
            for words in [variable, file] {
                let ended = try command.run(ask + words)
                #expect(ended.status == 0, "\(ended.standardError)")
                #expect(!(ended.output + ended.standardError).contains("ret"))
            }
            #expect(try command.run(ask).status == 67)
            #expect(try command.run(ask + variable + file).status == 64)
            #expect(try command.run(ask + ["--credentials-variable", "NOT_SET"]).status == 64)
            #expect(try command.run(["probe", Media.small()] + variable).status == 64)
        }

        @Test func everyUnreachableCameraHasItsExitCode() throws {
            var script = CameraScript(try Media.cameraView())
            script.login = ("anna", "secret")
            let camera = try CameraServer(script)
            let refused = try Program.run(["probe", camera.address("anna:guess")])
            #expect(refused.status == 67)
            #expect(!refused.standardError.contains("guess"))
            #expect(try Program.run(["probe", "rtsp://127.0.0.1:1/camera"]).status == 66)
            #expect(try Program.run(["probe", "rtsp://nobody.invalid/camera"]).status == 66)
            #expect(
                try Program.run(["probe", camera.address(), "--transport", "pigeon"]).status == 64)
            #expect(try Program.run(["probe", camera.address(), "--for", "long"]).status == 64)
        }

        @Test(arguments: [SIGINT, SIGTERM])
        func aSignalEndsAProbeWithItsReport(signal: Int32) throws {
            let camera = try CameraServer(CameraScript(Media.cameraView()))
            let ended = try Program.command().run(["probe", camera.address(), "--for", "1m"]) {
                usleep(4_000_000)
                kill($0.processIdentifier, signal)
            }
            #expect(ended.status == 0, "\(ended.standardError)")
            #expect(ended.output.contains("stopped early"))
            #expect(ended.output.contains("TCP works"))
        }

        @Test func aSignalBeforeTheFirstFrameIsReported() throws {
            let silent = try SilentServer()
            defer { silent.close() }
            let ended = try Program.command().run(["probe", "rtsp://127.0.0.1:\(silent.port)/x"]) {
                usleep(1_000_000)
                kill($0.processIdentifier, SIGINT)
            }
            #expect(ended.status == 130)
            #expect(ended.output.isEmpty && ended.standardError.contains("stopped"))
        }
    }
}

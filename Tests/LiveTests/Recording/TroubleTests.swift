import Configuration
import Flow
import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Live

/// Recording in bad times: full disks, and addresses that die.
@Suite(.timeLimit(.minutes(3)), .serialized)
struct TroubleTests {
    @Test func aFullDiskStopsRecordingNotWatchingAndRoomLetsItGoOn() throws {
        let scratch = try Scratch()
        let folder = scratch.path("rec")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let mounted = Program.run("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder])
        guard mounted.status == 0 else {
            return print("SKIPPED: no small disk can be mounted here")
        }
        defer { _ = Program.run("umount", ["-l", folder]) }
        let ballast = folder + "/ballast"
        try Data(count: 1_700_000).write(to: URL(fileURLWithPath: ballast))
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let recorded = try RecordedRun(["gate=\(camera.address())"], for: 120, into: scratch)
        let report = try recorded.watch {
            recorded.wait(40) { recorded.status.state == .stopped }
            #expect(recorded.status.isFull)
            let before = recorded.run.statuses[0].counts.decoded
            usleep(1_500_000)
            #expect(recorded.run.statuses[0].counts.decoded > before + 20, "watching goes on")
            #expect(recorded.run.statuses[0].state == .watching)
            // What fitted has its name and plays.
            let file = try #require(recorded.files().first)
            #expect(try MediaFacts(file).timestamps.count > 20)
            try FileManager.default.removeItem(atPath: ballast)
            recorded.wait(20) { recorded.status.state == .recording }
        }
        #expect(!report.cameras[0].recording.isFull)
        #expect(report.reason == .done, "\(report.closing)")
        #expect(recorded.files().count >= 2)
        for file in recorded.files() {
            #expect(try !MediaFacts(file).timestamps.isEmpty, "\(file)")
        }
        #expect(recorded.sayings.count { $0.contains("recording stops, watching goes on") } == 1)
        #expect(recorded.sayings.count { $0.contains("recording goes on") } == 1)
        #expect(recorded.files("gate", "partial.mp4").isEmpty)
    }

    @Test func aFullDiskAtTheEndIsTheExitCode() throws {
        var status = CameraStatus(name: "gate", source: "x")
        status.counts = .init()
        status.recording.state = .stopped
        status.recording.isFull = true
        let report = LiveReport(cameras: [status], seconds: 1, failure: nil)
        #expect(report.reason == .diskFull)
    }

    @Test func theMainAddressIsRecordedWhileTheSmallOneIsWatched() throws {
        let small = try CameraServer(CameraScript(Media.cameraView()))
        let main = try CameraServer(CameraScript(Media.largerCameraView()))
        let recorded = try RecordedRun(["gate=\(small.address())"], for: 60) {
            $0.cameras[0].main = main.address()
        }
        let report = try recorded.watch {
            recorded.wait { recorded.status.bytes > 0 }
            usleep(2_000_000)
        }
        #expect((report.cameras[0].width, report.cameras[0].height) == (320, 192))
        let file = try #require(recorded.files().first)
        #expect(try MediaFacts(file).size == [384, 224])
        #expect(report.cameras[0].counts.detected > 0)
        // What was seen in the small pictures lies in the time of the large ones.
        let lines = try String(
            contentsOfFile: try #require(recorded.files("gate", "ndjson").first), encoding: .utf8
        ).split(separator: "\n")
        #expect(lines.count > 20)
    }

    @Test func theMainAddressMayDieWhileTheSmallOneLives() throws {
        let small = try CameraServer(CameraScript(Media.cameraView()))
        let main = try CameraServer(CameraScript(Media.largerCameraView()))
        let recorded = try RecordedRun(["gate=\(small.address())"], for: 60) {
            $0.cameras[0].main = main.address("me:secret")
        }
        let report = try recorded.watch {
            recorded.wait { recorded.status.bytes > 0 }
            main.stop()
            recorded.wait { recorded.status.state == .waiting }
            #expect(recorded.status.reason?.contains("127.0.0.1") == true)
            let before = recorded.run.statuses[0].counts.decoded
            usleep(1_000_000)
            #expect(recorded.run.statuses[0].counts.decoded > before + 10)
            try main.start()
            recorded.wait { recorded.status.state == .recording && recorded.status.files == 1 }
        }
        #expect(report.cameras[0].losses == 0)
        #expect(recorded.files().count == 2)
        // The second address keeps its secrets too.
        #expect(!recorded.sayings.joined().contains("secret"))
        #expect(recorded.sayings.contains { $0.contains("main address lost") })
        #expect(!(report.cameras[0].recording.reason ?? "").contains("secret"))
    }

    @Test func theSmallAddressMayDieWhileTheMainOneIsRecorded() throws {
        let small = try CameraServer(CameraScript(Media.cameraView()))
        let main = try CameraServer(CameraScript(Media.largerCameraView()))
        let recorded = try RecordedRun(["gate=\(small.address())"], for: 60) {
            $0.cameras[0].main = main.address()
        }
        let report = try recorded.watch {
            recorded.wait {
                recorded.status.bytes > 0 && recorded.run.statuses[0].counts.decoded > 0
            }
            small.stop()
            recorded.wait { recorded.run.statuses[0].state == .lost }
            let before = recorded.status.bytes
            usleep(2_500_000)
            #expect(recorded.status.bytes > before && recorded.status.state == .recording)
        }
        #expect(recorded.files().count == 1)
        #expect(report.cameras[0].recording.files == 1)
    }

    @Test func bothAddressesGetTheCamerasCredentials() throws {
        var script = CameraScript(try Media.cameraView())
        script.login = (user: "me", password: "p@ss:word")
        let (small, main) = (try CameraServer(script), try CameraServer(script))
        let scratch = try Scratch()
        let file = try scratch.write("login", "me:p@ss:word\n")
        let recorded = try RecordedRun(["gate=\(small.address())"], for: 60) {
            $0.cameras[0].main = main.address()
            $0.cameras[0].credentials.file = file
        }
        let report = try recorded.watch { recorded.wait { recorded.status.bytes > 0 } }
        #expect(report.reason == .done)
        #expect(!recorded.sayings.joined().contains("p@ss"))
        #expect(!recorded.sayings.joined().contains("p%40ss"))
    }

    @Test func aFolderThatCannotBeWrittenIsSaidBeforeAnythingIsWatched() throws {
        let scratch = try Scratch()
        let file = try scratch.write("file", "")
        #expect(throws: RunError.self) {
            _ = try RecordedRun(["gate=rtsp://127.0.0.1:9/x"], for: 1) { $0.record.folder = file }
        }
    }
}

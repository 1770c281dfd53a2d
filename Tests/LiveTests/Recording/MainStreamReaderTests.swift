import Configuration
import Flow
import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Live

/// Recording of a second address.
@Suite(.timeLimit(.minutes(3)), .serialized)
struct MainStreamReaderTests {
    @Test func theMainStreamIsRecordedWhileTheSmallOneIsWatched() throws {
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
        // Objects in frames of the small stream have times of the large one.
        let lines = try String(
            contentsOfFile: try #require(recorded.files("gate", "ndjson").first), encoding: .utf8
        ).split(separator: "\n")
        #expect(lines.count > 20)
    }

    @Test func aLostMainStreamDoesNotAffectTheSmallOne() throws {
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
        // Credentials of the second address are not shown either.
        #expect(!recorded.printedLines.joined().contains("secret"))
        #expect(recorded.printedLines.contains { $0.contains("main address lost") })
        #expect(!(report.cameras[0].recording.reason ?? "").contains("secret"))
    }

    @Test func aLostSmallStreamDoesNotAffectTheMainOne() throws {
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
        #expect(!recorded.printedLines.joined().contains("p@ss"))
        #expect(!recorded.printedLines.joined().contains("p%40ss"))
    }
}

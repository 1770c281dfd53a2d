import Configuration
import Flow
import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Live

/// Recording on full and unwritable disks.
@Suite(.timeLimit(.minutes(3)), .serialized)
struct RecorderDiskTests {
    @Test func aFullDiskStopsRecordingUntilThereIsSpace() throws {
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
            #expect(
                recorded.run.statuses[0].counts.decoded > before + 20, "the camera is still watched"
            )
            #expect(recorded.run.statuses[0].state == .watching)
            // The file up to the error has its final name and plays.
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
        #expect(
            recorded.printedLines.count {
                $0.contains("recording stops, the camera is still watched")
            } == 1)
        #expect(recorded.printedLines.count { $0.contains("recording resumes") } == 1)
        #expect(recorded.files("gate", "partial.mp4").isEmpty)
    }

    @Test func aFullDiskAtTheEndSetsTheExitCode() throws {
        var status = CameraStatus(name: "gate", source: "x")
        status.counts = .init()
        status.recording.state = .stopped
        status.recording.isFull = true
        let report = LiveReport(cameras: [status], seconds: 1, failure: nil)
        #expect(report.reason == .diskFull)
    }

    @Test func anUnwritableFolderIsReportedAtTheStart() throws {
        let scratch = try Scratch()
        let file = try scratch.write("file", "")
        #expect(throws: RunError.self) {
            _ = try RecordedRun(["gate=rtsp://127.0.0.1:9/x"], for: 1) { $0.record.folder = file }
        }
    }
}

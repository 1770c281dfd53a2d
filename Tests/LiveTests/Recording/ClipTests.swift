import Flow
import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Live

/// Short recordings on demand.
@Suite(.timeLimit(.minutes(3)), .serialized)
struct ClipTests {
    private func clips(_ recorded: RecordedRun) -> [String] {
        recorded.files().filter { $0.contains("-clip") }
    }

    @Test func aClipHoldsSecondsBeforeAndAfter() throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let recorded = try RecordedRun(["gate=\(camera.address())"], for: 60) {
            $0.record.what = .clips
            $0.clips.before = 2
            $0.clips.after = 2
        }
        let recorder = try #require(recorded.run.recorder("gate"))
        #expect(recorder.askForClip() == .refused("Nothing comes from the camera at present."))
        let report = try recorded.watch {
            recorded.wait { recorded.run.statuses[0].counts.decoded > 100 }
            guard case .made(let name) = recorder.askForClip() else {
                Issue.record("no clip is made")
                return
            }
            usleep(500_000)
            // Asking again prolongs the one that grows.
            #expect(recorder.askForClip() == .made(name))
            #expect(recorded.status.clip == name)
            recorded.wait { recorded.status.clips == 1 }
            #expect(recorded.status.state == .waiting && recorded.status.clip == nil)
            #expect(self.clips(recorded) == [recorded.scratch.path("rec/\(name).mp4")])
        }
        #expect(report.cameras[0].recording.files == 1)
        let file = try #require(clips(recorded).first)
        let facts = try MediaFacts(file)
        // Up to a key-frame interval more than two seconds before; two and a half after.
        let length = facts.stamps.last ?? 0
        #expect((4.2...5.8).contains(length), "\(length)")
        #expect(try AnnexB.recorded(file).pictures[0].isKey)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        #expect(bytes.range(of: Data("moof".utf8)) == nil, "clips are plain files")
        #expect(recorded.files().count == 1)
    }

    @Test func anEventOfAChosenClassMakesOne() throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let scratch = try Scratch()
        let recorded = try RecordedRun(["gate=\(camera.address())"], for: 60) {
            $0.clips.classes = ["car"]
            $0.clips.after = 1
            $0.events.file = scratch.path("events.ndjson")
        }
        try recorded.watch { recorded.wait { recorded.status.clips >= 1 } }
        let file = try #require(clips(recorded).first)
        #expect(try MediaFacts(file).stamps.count > 25)
        let text = try String(contentsOfFile: scratch.path("events.ndjson"), encoding: .utf8)
        let lines = text.split(separator: "\n").filter { $0.contains("\"clip\":") }
        #expect(!lines.isEmpty)
        #expect(lines.allSatisfy { $0.contains("\"event\":\"begin\"") && $0.contains("\"car\"") })
    }

    @Test func aClipEndsWithItsConnection() throws {
        let view = try Media.cameraView()
        let camera = try CameraServer { session in
            var script = CameraScript(view)
            if session == 0 { script.faults = [.hangUp(picture: 80)] }
            return script
        }
        let recorded = try RecordedRun(["gate=\(camera.address())"], for: 60) {
            $0.record.what = .clips
            $0.clips.after = 600
        }
        let recorder = try #require(recorded.run.recorder("gate"))
        try recorded.watch {
            recorded.wait { recorded.run.statuses[0].counts.decoded > 30 }
            _ = recorder.askForClip()
            recorded.wait { recorded.status.clips == 1 }
        }
        #expect(try MediaFacts(try #require(clips(recorded).first)).stamps.count == 80)
    }
}

extension LiveRun {
    /// The recorder of a camera.
    func recorder(_ name: String) -> Recorder? {
        recorders.first { $0.camera.name == name }
    }
}

import Configuration
import Flow
import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Live

/// Clips, end to end.
@Suite(.timeLimit(.minutes(3)), .serialized)
struct ClipTests {
    private func clips(_ recorded: RecordedRun) -> [String] {
        recorded.files().filter { $0.contains("-clip") }
    }

    @Test func aClipContainsTheSecondsBeforeAndAfter() throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let recorded = try RecordedRun(["gate=\(camera.address())"], for: 60) {
            $0.record.what = .clips
            $0.clips.before = 2
            $0.clips.after = 2
            $0.page.address = "127.0.0.1:0"
        }
        let recorder = try #require(recorded.run.recorder("gate"))
        #expect(recorder.requestClip() == .refused("The camera sends nothing at present."))
        let report = try recorded.watch {
            recorded.wait { recorded.run.statuses[0].counts.decoded > 100 }
            guard case .accepted(let name) = recorder.requestClip() else {
                Issue.record("no clip is made")
                return
            }
            usleep(500_000)
            // A second request prolongs the clip that is being written.
            #expect(recorder.requestClip() == .accepted(name))
            #expect(recorded.status.clip == name)
            recorded.wait { recorded.status.clips == 1 }
            #expect(recorded.status.state == .waiting && recorded.status.clip == nil)
            let path = recorded.scratch.path("rec/\(name).mp4")
            #expect(self.clips(recorded) == [path])
            try self.fetch(name, path, recorded)
        }
        #expect(report.cameras[0].recording.files == 1)
        let file = try #require(clips(recorded).first)
        let facts = try MediaFacts(file)
        // Up to a key-frame interval more than two seconds before; two and a half after.
        let length = facts.timestamps.last ?? 0
        #expect((4.2...5.8).contains(length), "\(length)")
        #expect(try AnnexB.recorded(file).frames[0].isKey)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        #expect(bytes.range(of: Data("moof".utf8)) == nil, "clips are plain files")
        #expect(recorded.files().count == 1)
    }

    /// Checks that the page serves the finished clip, and no other file of its folder.
    private func fetch(_ name: String, _ path: String, _ recorded: RecordedRun) throws {
        let mark = "The page is at "
        let page = try #require(recorded.printedLines.first { $0.hasPrefix(mark) })
            .dropFirst(mark.count).filter { $0 != "\n" }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for ending in ["", ".mp4"] {
            let answer = WebPage.get("\(page)recordings/\(name)\(ending)")
            #expect(answer.status == 200 && answer.body == bytes)
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        let link = folder.appendingPathComponent("gate-20250131T235959.123Z.mp4")
        let odd = ["private.mp4", "gate-20250131T235959.124Z.partial.mp4"]
        for file in odd { try bytes.write(to: folder.appendingPathComponent(file)) }
        try FileManager.default.createSymbolicLink(
            at: link, withDestinationURL: URL(fileURLWithPath: "/etc/passwd"))
        for file in odd + [link.lastPathComponent, "..%2Fgate%2Fprivate.mp4"] {
            #expect(WebPage.get("\(page)recordings/gate/\(file)").status == 404, "\(file)")
        }
        for file in odd + [link.lastPathComponent] {
            try FileManager.default.removeItem(at: folder.appendingPathComponent(file))
        }
    }

    @Test func anEventOfAChosenClassMakesAClip() throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let scratch = try Scratch()
        let recorded = try RecordedRun(["gate=\(camera.address())"], for: 60) {
            $0.clips.classes = ["car"]
            $0.clips.after = 1
            $0.events.file = scratch.path("events.ndjson")
        }
        try recorded.watch { recorded.wait { recorded.status.clips >= 1 } }
        let file = try #require(clips(recorded).first)
        #expect(try MediaFacts(file).timestamps.count > 25)
        let text = try String(contentsOfFile: scratch.path("events.ndjson"), encoding: .utf8)
        let lines = text.split(separator: "\n").filter { $0.contains("\"clip\":") }
        #expect(!lines.isEmpty)
        #expect(lines.allSatisfy { $0.contains("\"event\":\"begin\"") && $0.contains("\"car\"") })
    }

    @Test func aClipEndsWithItsConnection() throws {
        let view = try Media.cameraView()
        let camera = try CameraServer { session in
            var script = CameraScript(view)
            if session == 0 { script.faults = [.disconnect(frame: 80)] }
            return script
        }
        let recorded = try RecordedRun(["gate=\(camera.address())"], for: 60) {
            $0.record.what = .clips
            $0.clips.after = 600
        }
        let recorder = try #require(recorded.run.recorder("gate"))
        try recorded.watch {
            recorded.wait { recorded.run.statuses[0].counts.decoded > 30 }
            _ = recorder.requestClip()
            recorded.wait { recorded.status.clips == 1 }
        }
        #expect(try MediaFacts(try #require(clips(recorded).first)).timestamps.count == 80)
    }
}

extension LiveRun {
    /// Recorder of a camera.
    func recorder(_ name: String) -> Recorder? {
        recorders.first { $0.camera.name == name }
    }
}

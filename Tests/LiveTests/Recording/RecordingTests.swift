import Configuration
import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Live

/// Recordings of the camera's own packets, end to end.
@Suite(.timeLimit(.minutes(3)), .serialized)
struct RecordingTests {
    /// True when pictures follow one another in the camera's endless repetition of its view.
    private func follow(_ recorded: [[Data]], in view: [[Data]], from start: Int) -> Bool {
        recorded.enumerated().allSatisfy { view[(start + $0) % view.count] == $1 }
    }

    @Test func packetsAreUnchangedAndFilesBeginWithKeyFrames() throws {
        let view = try Media.cameraView()
        let camera = try CameraServer(CameraScript(view))
        let recorded = try RecordedRun(["gate=\(camera.address())"], for: 60) {
            $0.record.segment = 2
        }
        let report = try recorded.watch { recorded.wait { recorded.status.files >= 3 } }
        #expect(report.reason == .done, "\(report.closing)")
        let files = recorded.files()
        try #require(files.count >= 3)
        var next = 0
        for file in files {
            let pictures = try AnnexB.recorded(file)
            try #require(!pictures.frames.isEmpty, "\(file)")
            #expect(pictures.frames[0].isKey)
            // Nothing is missing between two files, and nothing is repeated.
            #expect(follow(pictures.slices, in: view.slices, from: next), "\(file)")
            next += pictures.frames.count
            let facts = try MediaFacts(file)
            #expect(facts.timestamps.count == pictures.frames.count)
            #expect(facts.timestamps.first == 0)
            let steps = zip(facts.timestamps, facts.timestamps.dropFirst()).map { $1 - $0 }
            #expect(steps.allSatisfy { abs($0 - 0.04) < 0.02 }, "\(steps)")
        }
        #expect(try MediaFacts(files[0]).timestamps.count >= 50)
        let status = report.cameras[0].recording
        #expect(status.files == files.count && status.lost == 0 && status.clips == 0)
        let bytes = try files.reduce(0) {
            try $0 + Data(contentsOf: URL(fileURLWithPath: $1)).count
        }
        #expect(Int(status.bytes) == bytes)
        #expect(report.closing.contains { $0.hasPrefix("gate: recorded \(files.count) files") })
    }

    @Test func packetsOfGStreamerAreUnchangedToo() throws {
        guard GStreamerCamera.isThere else { return }
        let camera = try GStreamerCamera(Media.cameraMovie())
        defer { camera.stop() }
        let view = try Media.cameraView().slices
        let recorded = try RecordedRun(["gate=\(camera.address)"], for: 60) {
            $0.record.segment = 2
        }
        try recorded.watch { recorded.wait { recorded.status.files >= 2 } }
        let pictures = try recorded.files().prefix(2).flatMap { try AnnexB.recorded($0).slices }
        try #require(pictures.count > 75)
        let start = try #require(view.firstIndex(of: pictures[0]))
        #expect(follow(pictures, in: view, from: start))
    }

    @Test func resultsAreWrittenForEachFrame() throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let recorded = try RecordedRun(["gate=\(camera.address())"], for: 4)
        try recorded.watch {
            recorded.wait { recorded.status.bytes > 0 }
            usleep(3_000_000)
        }
        let video = try MediaFacts(try #require(recorded.files().first))
        let text = try String(
            contentsOfFile: try #require(recorded.files("gate", "ndjson").first), encoding: .utf8)
        let lines = try text.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        // The last frame may still have been in flight.
        #expect((video.timestamps.count - 2...video.timestamps.count).contains(lines.count))
        for (line, timestamp) in zip(lines, video.timestamps) {
            #expect(abs((line["time"] as? Double ?? -1) - timestamp) < 0.001)
            #expect(line["source"] as? String == "gate")
        }
        #expect(lines.contains { ($0["objects"] as? [Any])?.isEmpty == false })
    }

    @Test func newParametersClockJumpsAndConnectionsBeginANewFile() throws {
        let (view, larger) = (try Media.cameraView(), try Media.largerCameraView())
        let camera = try CameraServer { session in
            var script = CameraScript(view)
            script.changed = larger
            switch session {
            case 0: script.faults = [.change(frame: 50), .disconnect(frame: 100)]
            case 1: script.faults = [.jump(seconds: 500, frame: 30), .disconnect(frame: 80)]
            default: break
            }
            return script
        }
        let recorded = try RecordedRun(["gate=\(camera.address())"], for: 60)
        try recorded.watch {
            recorded.wait { recorded.status.files >= 4 }
            usleep(1_500_000)
        }
        let facts = try recorded.files().map { try MediaFacts($0) }
        try #require(facts.count == 5, "\(recorded.files())")
        #expect(
            facts.map(\.size) == [[320, 192], [384, 224], [320, 192], [320, 192], [320, 192]])
        #expect(facts[0].timestamps.count == 50 && facts[1].timestamps.count == 50)
        // A jump is known at once, but a file can only begin with a key frame.
        #expect(facts[2].timestamps.count == 50 && facts[3].timestamps.count == 30)
        for one in facts {
            #expect(
                one.timestamps.first == 0 && (one.timestamps.last ?? 99) < 10, "\(one.timestamps)")
        }
    }

    @Test func audioIsCopiedAndDeterminesTheContainer() throws {
        for (name, codec, ending) in [("aac", "aac", "mp4"), ("law", "pcm_mulaw -ar 8000", "mkv")] {
            let source = try Media.make(
                "sound-\(name).mkv",
                "-f lavfi -i testsrc2=size=160x96:rate=25:duration=6 -f lavfi -i sine=440:duration=6 "
                    + "-c:v libx264 -preset ultrafast -g 25 -pix_fmt yuv420p -c:a \(codec)")
            let recorded = try RecordedRun(["gate=\(source)"], for: 60) {
                $0.record.segment = 1.5
            }
            try recorded.watch { recorded.wait { recorded.status.files >= 3 } }
            let original = try MediaFacts(source)
            let facts = try recorded.files("gate", ending).prefix(3).map { try MediaFacts($0) }
            try #require(facts.count == 3, "\(recorded.printedLines)")
            #expect(facts.flatMap(\.timestamps).count == original.timestamps.count)
            // Every audio packet is there once, in order, over all files, except those before the
            // first frame.
            let sound = facts.flatMap(\.audio)
            #expect(sound == original.audio.suffix(sound.count), "\(name)")
            #expect(original.audio.count - sound.count <= 3, "\(name)")
            for one in facts {
                #expect(abs((one.audioTimestamps.first ?? 9) - one.timestamps[0]) < 0.1)
            }
        }
    }

    @Test func audioIsLeftOutWhenDisabled() throws {
        let recorded = try RecordedRun(["gate=\(Media.small())"], for: 60) {
            $0.record.audio = false
        }
        try recorded.watch { recorded.wait { recorded.status.files >= 1 } }
        let facts = try MediaFacts(try #require(recorded.files().first))
        #expect(facts.audio.isEmpty && facts.timestamps.count == 50)
    }

    @Test func annotatedFilesContainTheDrawnBoxes() throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let recorded = try RecordedRun(["gate=\(camera.address())"], for: 60) {
            $0.record.what = .annotated
            $0.record.segment = 2
        }
        let report = try recorded.watch { recorded.wait { recorded.status.files >= 2 } }
        #expect(report.reason == .done)
        let files = recorded.files()
        for file in files.prefix(2) {
            let facts = try MediaFacts(file)
            #expect(
                facts.size == [320, 192] && facts.timestamps.count > 40 && facts.timestamps[0] == 0)
        }
        #expect(try yellowish(files[1]) != yellowish(Media.cameraMovie()))
        #expect(recorded.files("gate", "ndjson").isEmpty)
    }

    /// MD5 of the tenth frame, which drawing changes.
    private func yellowish(_ path: String) throws -> String {
        try Command(["ffmpeg", "-v", "error", "-ss", "0.4", "-i", path]).run([
            "-frames:v", "1", "-f", "md5", "-",
        ]).output
    }

    @Test func nothingIsRecordedByDefault() throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let recorded = try RecordedRun(["gate=\(camera.address())"], for: 2) {
            $0.record.folder = nil
        }
        let report = try recorded.watch { usleep(1_500_000) }
        #expect(report.cameras[0].recording == RecordingStatus())
        #expect(recorded.scratch.names.isEmpty)
    }
}

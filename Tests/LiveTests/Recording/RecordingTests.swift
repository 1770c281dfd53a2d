import Configuration
import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Live

/// Whole runs that record a camera's own packets.
@Suite(.timeLimit(.minutes(3)), .serialized)
struct RecordingTests {
    /// Whether pictures stand in the camera's endless repetition of its view, one after another.
    private func follow(_ recorded: [[Data]], in view: [[Data]], from start: Int) -> Bool {
        recorded.enumerated().allSatisfy { view[(start + $0) % view.count] == $1 }
    }

    @Test func packetsAreTheCamerasOwnAndFilesBeginWithKeyPictures() throws {
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
            try #require(!pictures.pictures.isEmpty, "\(file)")
            #expect(pictures.pictures[0].isKey)
            // Nothing is missing from one file to the next, and nothing is there twice.
            #expect(follow(pictures.slices, in: view.slices, from: next), "\(file)")
            next += pictures.pictures.count
            let facts = try MediaFacts(file)
            #expect(facts.stamps.count == pictures.pictures.count)
            #expect(facts.stamps.first == 0)
            let steps = zip(facts.stamps, facts.stamps.dropFirst()).map { $1 - $0 }
            #expect(steps.allSatisfy { abs($0 - 0.04) < 0.02 }, "\(steps)")
        }
        #expect(try MediaFacts(files[0]).stamps.count >= 50)
        let status = report.cameras[0].recording
        #expect(status.files == files.count && status.lost == 0 && status.clips == 0)
        let bytes = try files.reduce(0) {
            try $0 + Data(contentsOf: URL(fileURLWithPath: $1)).count
        }
        #expect(Int(status.bytes) == bytes)
        #expect(report.closing.contains { $0.hasPrefix("gate: recorded \(files.count) files") })
    }

    @Test func packetsOfAnotherServerAreItsOwnToo() throws {
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

    @Test func whatWasSeenStandsBesideItPictureByPicture() throws {
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
        // The last picture may have been on its way.
        #expect((video.stamps.count - 2...video.stamps.count).contains(lines.count))
        for (line, stamp) in zip(lines, video.stamps) {
            #expect(abs((line["time"] as? Double ?? -1) - stamp) < 0.001)
            #expect(line["source"] as? String == "gate")
        }
        #expect(lines.contains { ($0["objects"] as? [Any])?.isEmpty == false })
    }

    @Test func otherParametersALeapOrANewConnectionBeginANewFile() throws {
        let (view, larger) = (try Media.cameraView(), try Media.largerCameraView())
        let camera = try CameraServer { session in
            var script = CameraScript(view)
            script.changed = larger
            switch session {
            case 0: script.faults = [.change(picture: 50), .hangUp(picture: 100)]
            case 1: script.faults = [.jump(seconds: 500, picture: 30), .hangUp(picture: 80)]
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
        #expect(facts[0].stamps.count == 50 && facts[1].stamps.count == 50)
        // A leap is known at once, but a file can only begin with a key picture.
        #expect(facts[2].stamps.count == 50 && facts[3].stamps.count == 30)
        for one in facts {
            #expect(one.stamps.first == 0 && (one.stamps.last ?? 99) < 10, "\(one.stamps)")
        }
    }

    @Test func soundIsCopiedAndChoosesTheContainer() throws {
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
            try #require(facts.count == 3, "\(recorded.sayings)")
            #expect(facts.flatMap(\.stamps).count == original.stamps.count)
            // Every packet is there once, in order, over all files; what sounds before the first picture is not.
            let sound = facts.flatMap(\.sound)
            #expect(sound == original.sound.suffix(sound.count), "\(name)")
            #expect(original.sound.count - sound.count <= 3, "\(name)")
            for one in facts {
                #expect(abs((one.audioTimestamps.first ?? 9) - one.stamps[0]) < 0.1)
            }
        }
    }

    @Test func soundStaysAwayWhereItIsNotWanted() throws {
        let recorded = try RecordedRun(["gate=\(Media.small())"], for: 60) {
            $0.record.audio = false
        }
        try recorded.watch { recorded.wait { recorded.status.files >= 1 } }
        let facts = try MediaFacts(try #require(recorded.files().first))
        #expect(facts.sound.isEmpty && facts.stamps.count == 50)
    }

    @Test func annotatedFilesHoldWhatWasDrawn() throws {
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
            #expect(facts.size == [320, 192] && facts.stamps.count > 40 && facts.stamps[0] == 0)
        }
        #expect(try yellowish(files[1]) != yellowish(Media.cameraMovie()))
        #expect(recorded.files("gate", "ndjson").isEmpty)
    }

    /// The MD5 of the tenth picture: what is drawn makes it another one.
    private func yellowish(_ path: String) throws -> String {
        try Command(["ffmpeg", "-v", "error", "-ss", "0.4", "-i", path]).run([
            "-frames:v", "1", "-f", "md5", "-",
        ]).output
    }

    @Test func nothingIsRecordedUnlessAsked() throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let recorded = try RecordedRun(["gate=\(camera.address())"], for: 2) {
            $0.record.folder = nil
        }
        let report = try recorded.watch { usleep(1_500_000) }
        #expect(report.cameras[0].recording == RecordingStatus())
        #expect(recorded.scratch.names.isEmpty)
    }
}

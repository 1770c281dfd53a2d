import Foundation
import TestSupport
import Testing

@testable import Pipeline

struct OutputNamingTests {
    private func job(_ source: String) -> SourceJob {
        SourceJob(source: source, isImage: SourceList.isImage(source))
    }

    private func naming(
        _ path: String?, outputs: Int = 1, change: (inout DetectDescription) -> Void = { _ in }
    ) throws -> OutputNaming {
        var description = DetectDescription()
        description.output.path = path
        change(&description)
        return try OutputNaming(description, outputs: outputs)
    }

    @Test(arguments: [
        ("a/drive.mp4", "drive-seen.mp4"), ("drive.MKV", "drive-seen.mkv"),
        ("drive.avi", "drive-seen.mp4"), ("shot.webp", "shot-seen.png"),
        ("shot.JPG", "shot-seen.jpg"), ("-", "stdin-seen.mp4"),
        ("rtsp://user:secret@camera/front?x=1/2", "front-seen.mp4"),
        ("http://camera/", "camera-seen.mp4"), ("me@home.mp4", "me@home-seen.mp4"),
        ("what?.mp4", "what?-seen.mp4"), ("/dev/video0", "video0-seen.mp4"),
    ])
    func withoutANameTheSourceGivesOne(source: String, output: String) throws {
        #expect(try naming(nil).video(of: job(source)) == output)
    }

    @Test func foldersTakeOneFileASource() throws {
        let scratch = try Scratch()
        let folder = scratch.path("new") + "/"
        let naming = try naming(folder, outputs: 2)
        #expect(naming.video(of: job("x/drive.mov")) == folder + "drive.mov")
        #expect(FileManager.default.fileExists(atPath: folder))
        #expect(try self.naming(scratch.url.path).video(of: job("a.mp4")) == scratch.path("a.mp4"))
    }

    @Test func severalSourcesNeedAFolder() throws {
        #expect(throws: RunError.self) { try naming("one.mp4", outputs: 2) }
        #expect(throws: RunError.self) { try naming("/nowhere/at/all", outputs: 2) }
        #expect(try naming("one.mp4").video(of: job("a.mp4")) == "one.mp4")
    }

    @Test func resultsTakeTheSourcesName() throws {
        let naming = try naming(nil) { $0.results = ["r/{name}.csv", "all.ndjson"] }
        #expect(naming.results(of: job("x/drive.mp4")) == ["r/drive.csv", "all.ndjson"])
    }

    @Test func oneMOTTextCannotHoldSeveralSources() throws {
        #expect(throws: RunError.self) {
            try naming(nil, outputs: 2) { $0.results = ["all.mot.txt"] }
        }
        _ = try naming(nil, outputs: 2) { $0.results = ["{name}.mot.txt", "all.csv"] }
    }

    @Test func withoutVideoThereIsNoFile() throws {
        #expect(try naming("x.mp4") { $0.output.video = false }.video(of: job("a.mp4")) == nil)
    }
}

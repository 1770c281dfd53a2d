import Foundation
import TestSupport
import Testing
import Video

@testable import Live

/// Parts of the page without a browser: small pictures, the moment of a recording, the history of charts.
struct ThumbnailTests {
    @Test func recentPicturesAreBoundedByNumberAndMemory() {
        let recent = RecentThumbnails()
        for track in 0..<1000 { recent.add([1, 2], of: .init(camera: "gate", track: track)) }
        #expect(recent[.init(camera: "gate", track: 599)] == nil)
        #expect(recent[.init(camera: "gate", track: 600)] == [1, 2])
        #expect(recent.address(camera: "gate", track: 999) == "thumbnails/gate/999.jpg")
        let large = [UInt8](repeating: 0, count: 3 << 20)
        for track in 2000..<2003 { recent.add(large, of: .init(camera: "gate", track: track)) }
        #expect(recent[.init(camera: "gate", track: 999)] == nil)
        #expect(recent[.init(camera: "gate", track: 2002)]?.count == large.count)
        #expect(recent.address(camera: "yard", track: 2002) == nil)
    }

    @Test func momentIsFoundInTheFinishedRecordingThatBeganLastBeforeIt() throws {
        let scratch = try Scratch()
        for name in [
            "gate-20261130T120000.500Z.mp4", "gate-20261130T120000.500Z.ndjson",
            "gate-20261130T120500.000Z.mkv", "gate-20261130T120600.000Z-clip.mp4",
            "gate-20261130T121000.000Z.partial.mp4", "notes.txt",
        ] { try scratch.write(name, "x") }
        let folder = try #require(RealFolder(scratch.url.path))
        let noon = 1_796_040_000.0
        let find = { (seconds: Double) in RecordedMoment(of: "gate", at: noon + seconds, in: folder)
        }
        let first = try #require(find(10))
        #expect(first.video == "recordings/gate/gate-20261130T120000.500Z.mp4")
        #expect(first.results == "recordings/gate/gate-20261130T120000.500Z.ndjson")
        #expect(abs(first.offset - 9.5) < 1e-6)
        let second = try #require(find(400))
        #expect(second.video.hasSuffix("120500.000Z.mkv") && second.results == nil)
        // The newest one is still written, and before the first there is none.
        #expect(find(650) == nil && find(-60) == nil)
    }

    @Test func historyHoldsOneValueOfEachSeriesForEachTimeAndIsBounded() throws {
        let history = LoadHistory(cameras: ["gate", "yard"])
        var up = CameraStatus(name: "gate", source: "")
        up.state = .watching
        up.age = 0.25
        up.detectRate = 12.5
        for _ in 0..<(LoadHistory.limit + 5) {
            history.add([up, CameraStatus(name: "yard", source: "")])
        }
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(history.json.utf8)) as? [String: Any])
        let cameras = try #require(json["cameras"] as? [String: [String: [Any]]])
        #expect((json["times"] as? [Int])?.count == LoadHistory.limit)
        #expect((json["load"] as? [Double])?.count == LoadHistory.limit)
        #expect(cameras["gate"]?["detections"]?.last as? Double == 12.5)
        #expect(cameras["gate"]?["ages"]?.last as? Double == 0.25)
        #expect(cameras["yard"]?["ages"]?.last is NSNull)
    }
}
